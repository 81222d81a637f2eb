import type { ReadingStores } from '../analytics/stores.ts';
import type { Pepper } from '../core/people/person.ts';

/** What routes answer from; opened once per function process. */
export interface Services {
  readonly stores: ReadingStores;
  readonly pepper: Pepper;
}
