import type { RejectionClass } from '../batch/entry.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { RecordCoordinates } from '../kafka/record.ts';
import type { Person } from '../people/person.ts';
import type { UpcastResult, ValidStatement } from '../xapi/index.ts';
import type { StatementRow } from './row.ts';

/** A valid statement on its way into the ledger. */
export interface LedgerEntry {
  readonly record: RecordCoordinates;
  readonly statement: ValidStatement;
  /** SHA-256 of the statement as received, less delivery metadata. */
  readonly receivedHash: Buffer;
  /** SHA-256 of its comparison form (xAPI 1.0.3 Part 2, 2.3.1). */
  readonly canonicalHash: Buffer;
  readonly group: string;
  readonly event: string;
  readonly person: Person | null;
  readonly identityLink: UpcastResult['identityLink'];
  readonly delivery: UpcastResult['delivery'];
  readonly upcastRules: readonly string[];
}

/** What became of one entry. After `accepted` or `duplicate` a record is never dead-lettered. */
export type LedgerOutcome =
  | { readonly kind: 'accepted'; readonly row: StatementRow }
  /** Known already with equal content; `row` where its document has not been confirmed yet. */
  | { readonly kind: 'duplicate'; readonly row: StatementRow | null }
  /** Its id is taken by a statement that is not equal. */
  | { readonly kind: 'conflict' }
  /** PostgreSQL refuses the row for its content. */
  | { readonly kind: 'unstorable'; readonly sqlState: string }
  /** Its id, or the person it is about, was erased: the ledger keeps its id and place, and nothing of what it says. */
  | { readonly kind: 'erased' };

/** A row that another statement's acceptance changed or made. */
export interface Effect {
  readonly row: StatementRow;
  readonly causedBy: string;
}

/** Outcomes of one committed chunk, in the order of its entries. */
export interface ChunkOutcome {
  readonly outcomes: readonly LedgerOutcome[];
  /** Index generations that were written to at the time of the transaction. */
  readonly generations: readonly number[];
  /**
   * Rows that the entries changed besides themselves, now or when they were first taken: voided ones, and announcements of
   * decisions. Their documents are due.
   */
  readonly effects: readonly Effect[];
}

/** A document version that a store confirmed. */
export interface Confirmation {
  readonly id: string;
  readonly documentVersion: number;
  /** Why the index refuses the document, or null where it holds it. */
  readonly refusal: string | null;
}

/** A rejected record, with the ids of the people that its value seems to name. */
export interface RejectedRecord {
  readonly record: RecordCoordinates;
  readonly class: RejectionClass;
  readonly personIds: readonly string[];
}

/** The system of record. One adapter: `postgres-ledger.ts`. */
export interface Ledger {
  /**
   * Writes the entries in one transaction, projections included; entries may share an id. Waiting dead letters of
   * records that are accepted or duplicates are `replayed` by it.
   * @throws RowError if PostgreSQL refuses something for a row's content; nothing was written.
   * @throws TransientError if the store could not do it now; nothing is known to be written.
   * @throws ConfigurationError if people must act.
   */
  commit(entries: readonly LedgerEntry[]): Promise<ChunkOutcome>;
  /** Marks documents as indexed or refused, where the row still has that document version. */
  confirm(confirmations: readonly Confirmation[]): Promise<void>;
  /** Upserts dead letter rows by their coordinates; one that was replayed, discarded or erased stays as it is. */
  recordDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  /**
   * Of rejected records, those that must leave no bytes: their dead letter was erased, or they name an erased person. They
   * get rows that keep their place and class alone.
   * @throws TransientError | ConfigurationError
   */
  eraseAmong(group: string, records: readonly RejectedRecord[]): Promise<ReadonlySet<RejectedRecord>>;
}

/** PostgreSQL refused a chunk for the content of one of its rows (SQLSTATE class 22 or 23, or 54). */
export class RowError extends Error {
  override readonly name = 'RowError';
  readonly sqlState: string;

  constructor(sqlState: string) {
    super(`PostgreSQL refused a row (SQLSTATE ${sqlState})`);
    this.sqlState = sqlState;
  }
}
