import type { ValidStatement } from '../xapi/index.ts';

/** The columns of a ledger row that its document is made from. */
export interface StatementRow {
  readonly id: string;
  readonly body: ValidStatement;
  readonly group: string;
  /** Canonical event name, such as `survey.answered`. */
  readonly event: string;
  readonly origin: 'producer' | 'platform';
  /** ISO 8601, UTC. When the ledger took the statement. */
  readonly stored: string;
  readonly agentKey: string | null;
  readonly voided: boolean;
  /** Raised by voiding, joining of people and erasure; the document's external version. */
  readonly documentVersion: number;
}
