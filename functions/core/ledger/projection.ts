import type pg from 'pg';
import type { ValidationError, WireStatement } from '../xapi/index.ts';
import type { StatementRow } from './row.ts';

/** A decision's statement: written to the ledger (origin platform) and to the outbox in the transaction that decided it. */
export interface Announcement {
  /** Topic that the relay publishes it to. */
  readonly topic: string;
  /** Kafka key. Announcements of one key are published in the order in which they were decided. */
  readonly key: string;
  /** Agent key of the learner it is about, where there is one. */
  readonly agentKey: string | null;
  /** With id and timestamp, which the decision fixes; the ledger stores it with the configured authority. */
  readonly statement: WireStatement;
}

/** What a group's events change in its own tables, in the transaction that accepts them. */
export interface Projection {
  /**
   * Why a business rule refuses a statement (dead letter class `rule`), judged by the statement alone, before any
   * transaction; null where it passes.
   */
  refuse?(statement: Pick<StatementRow, 'event' | 'body'>): ValidationError | null;
  /**
   * Applies newly accepted statements, in a number of SQL statements that does not grow with them, and returns what it
   * decided. Called in the order of the global locks: after statements and agents. A row may be voided already: it
   * counts in no number, but changes business tables as any other.
   */
  apply(client: pg.ClientBase, accepted: readonly StatementRow[]): Promise<readonly Announcement[]>;
  /**
   * Derives anew, from the ledger, what its tables hold of these people: some of their statements were voided, moved to
   * another person, or erased. No other transaction writes statements meanwhile.
   */
  rederive?(client: pg.ClientBase, agentKeys: readonly string[]): Promise<void>;
}
