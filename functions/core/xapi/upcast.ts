import type { JsonObject } from './json.ts';

/** A record's value with its place in Kafka. */
export interface UpcastInput {
  readonly value: JsonObject;
  readonly topic: string;
  readonly record: {
    /** Event source ARN. */
    readonly cluster: string;
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    /** Milliseconds since the epoch. */
    readonly timestamp: number;
  };
}

/** Delivery metadata that old producers send as members of the statement; kept on the ledger row. */
export interface Delivery {
  readonly producer_id?: string;
  readonly producer_timestamp?: string;
  readonly event_id?: string;
  readonly event_type?: string;
}

/** An NLJ account and a mailbox that arrived together. */
export interface IdentityLink {
  readonly userId: string;
  /** With `mailto:`, as in the statement. */
  readonly mbox: string;
}

export interface UpcastResult {
  readonly statement: JsonObject;
  /** Names of the rules that fired, in the table's order. */
  readonly rules: readonly string[];
  readonly delivery: Delivery;
  readonly identityLink?: IdentityLink;
  /** The record brought no `id`: it is a function of the record's coordinates. */
  readonly idAssigned: boolean;
  /** The record brought no `timestamp`: it is the record's. */
  readonly timestampAssigned: boolean;
}

/** STUB, being written. */
export function upcast({ value }: UpcastInput): UpcastResult {
  return { statement: value, rules: [], delivery: {}, idAssigned: false, timestampAssigned: false };
}
