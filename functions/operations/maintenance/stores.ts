import type pg from 'pg';
import type { Projection } from '../../core/ledger/projection.ts';
import type { Pepper } from '../../core/people/person.ts';
import type { IndexAdmin } from '../../core/search/index-admin.ts';
import type { SearchIndex } from '../../core/search/search-index.ts';
import type { Authority } from '../../core/xapi/index.ts';
import type { ExportFiles } from '../../exports/files.ts';

/** What all maintenance works on. */
export interface MaintenanceStores {
  readonly pool: pg.Pool;
  readonly index: SearchIndex;
  readonly admin: IndexAdmin;
  readonly pepper: Pepper;
  /** `authority` of the statements that announce decisions. */
  readonly authority: Authority;
  /** Every group's: what they derive from the ledger is derived again where it changes. */
  readonly projections: readonly Projection[];
  /** Longest time that a function which writes statements may take, in milliseconds. */
  readonly longestFunctionMillis: number;
  /** Export files, where there are any: sweeps delete what belongs to no job. */
  readonly exports?: Pick<ExportFiles, 'removeAllBut'>;
  /** Whether there is time to begin another page. */
  readonly hasTime: () => boolean;
}
