import type { Client } from '@opensearch-project/opensearch';
import type pg from 'pg';

/** What the numbers are read from. Built once per function process; every number takes it as its first parameter. */
export interface ReadingStores {
  /** PostgreSQL, as the application's user. */
  readonly pool: pg.Pool;
  /** OpenSearch; queries go to `statementAlias`. */
  readonly search: Client;
  /** The clock that windows, streaks and trends are counted from. */
  readonly now: () => Date;
  /** Fewest respondents that a survey figure may be of (spec: search.md, Anonymity); never below 4. */
  readonly anonymityThreshold: number;
}
