import type { ReadingStores } from '../analytics/stores.ts';
import type { Pepper } from '../core/people/person.ts';
import type { ExportServices } from '../exports/service.ts';

/** What routes answer from; opened once per function process. */
export interface Services {
  readonly stores: ReadingStores;
  readonly pepper: Pepper;
  readonly exports: ExportServices;
}
