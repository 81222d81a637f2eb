import type pg from 'pg';
import type { StatementRow } from './row.ts';

/** What a group's events change in its own tables, in the transaction that accepts them. */
export interface Projection {
  /**
   * Applies newly accepted statements, in a number of SQL statements that does not grow with them. Called in the order
   * of the global locks: after statements and agents.
   */
  apply(client: pg.ClientBase, accepted: readonly StatementRow[]): Promise<void>;
}
