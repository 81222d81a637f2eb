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
  /** Id of the statement whose acceptance decided it. */
  readonly causedBy: string;
  /** With id and timestamp, which the decision fixes; the ledger stores it with the configured authority. */
  readonly statement: WireStatement;
}

/** What a decision goes back to, where it is no statement of a producer. */
export interface Cause {
  /** UUID: with what is decided it makes the id of the announcement. */
  readonly id: string;
  /** ISO 8601: the announcement's. */
  readonly timestamp: string;
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
  /**
   * Gives up what people still hold, by the normal rules, before they are erased; `cause` is what decisions are announced
   * with. No other transaction writes statements meanwhile.
   */
  withdraw?(client: pg.ClientBase, agentKeys: readonly string[], cause: Cause): Promise<readonly Announcement[]>;
  /** Forgets user ids wherever its tables name them besides as whose a row is: as who made, taught or approved something. */
  forget?(client: pg.ClientBase, userIds: readonly string[]): Promise<void>;
}
