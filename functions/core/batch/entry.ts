import type { SourceRecord } from '../kafka/record.ts';
import type { JsonObject, UpcastResult, ValidationError, ValidStatement } from '../xapi/index.ts';

/**
 * Why a record can never be accepted as it is: the classes of the `permanent` row of the delivery guarantee.
 *
 * - `undecodable`: not one JSON object
 * - `invalid`: not valid xAPI 1.0.3 after upcasting
 * - `conflict`: the ledger holds another statement under its id (xAPI 1.0.3 Part 3, 2.1.1)
 * - `rule`: a business rule refuses it
 * - `unstorable`: PostgreSQL refuses the row for its content (SQLSTATE class 22 or 23, or a limit of the engine)
 */
export const rejectionClasses = ['undecodable', 'invalid', 'conflict', 'rule', 'unstorable'] as const;
export type RejectionClass = (typeof rejectionClasses)[number];

/** A permanent failure. Errors hold paths, rules and types, never values (spec, invariant 8). */
export interface Rejection {
  readonly class: RejectionClass;
  readonly errors: readonly ValidationError[];
}

/** A record that left the path, with its reason. It stays in the batch until its dead letter is written. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly record: SourceRecord;
  readonly rejection: Rejection;
}

/** Established: the value is one JSON object. */
export interface Decoded {
  readonly kind: 'decoded';
  readonly record: SourceRecord;
  readonly received: JsonObject;
}

/** Established: producer dialects are gone; it has id, timestamp and version. */
export interface Upcast {
  readonly kind: 'upcast';
  readonly record: SourceRecord;
  readonly received: JsonObject;
  readonly upcast: UpcastResult;
}

/** Established: a valid xAPI 1.0.3 statement in its stored form. */
export interface Validated {
  readonly kind: 'validated';
  readonly record: SourceRecord;
  readonly received: JsonObject;
  readonly upcast: UpcastResult;
  readonly statement: ValidStatement;
}

/** One record of a batch at some step: what the step established, or a rejection. */
export type Entry<Established> = Established | Rejected;
