import { v5 as uuidV5 } from 'uuid';
import { type Delivery, deliveryOf } from './delivery.ts';
import { isMailto } from './formats.ts';
import { type JsonObject, member, objectMember, textMember } from './json.ts';
import { isNestedDeeper, maxNesting } from './limits.ts';
import { nljHomePage } from './prefixes.ts';
import { rulesOf } from './upcasting/table.ts';

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

/**
 * Namespace of the ids of statements that came without (uuid v5). Changing it would make every redelivery a new
 * statement.
 */
const idNamespace = '3f0f8c0e-5b1e-5c39-9a47-6c1c7f6f5d10';

/**
 * Turns what a producer sent into the canonical form. A pure function of the record alone, idempotent; it takes any
 * shape without an exception and leaves what it does not know to validation. A record that is nested too deep
 * (`limits.ts`) is not touched.
 */
export function upcast({ value, topic, record }: UpcastInput): UpcastResult {
  if (isNestedDeeper(value, maxNesting)) {
    return { statement: value, rules: [], delivery: {}, idAssigned: false, timestampAssigned: false };
  }
  const fired: string[] = [];
  let statement = value;
  for (const rule of rulesOf(topic)) {
    const after = rule.apply(statement);
    if (after !== statement) fired.push(rule.name);
    statement = after;
  }
  const added = {
    id: () => idOf(record),
    timestamp: () => timeOf(record),
    version: () => '1.0.0',
  };
  for (const [name, make] of Object.entries(added)) {
    if (Object.hasOwn(statement, name)) continue;
    statement = { ...statement, [name]: make() };
    fired.push(`missing-${name}`);
  }
  const identityLink = identityLinkOf(value);
  return {
    statement,
    rules: fired,
    delivery: deliveryOf(value),
    ...(identityLink === undefined ? {} : { identityLink }),
    idAssigned: !Object.hasOwn(value, 'id'),
    timestampAssigned: !Object.hasOwn(value, 'timestamp'),
  };
}

type Coordinates = UpcastInput['record'];

/** Offsets repeat when a topic is made anew; with the record's time the id does not (spec: delivery.md). */
function idOf({ cluster, topic, partition, offset, timestamp }: Coordinates): string {
  return uuidV5(JSON.stringify([cluster, topic, partition, offset, timestamp]), idNamespace);
}

/** Brokers say -1 where they have no time, and a producer may set any. */
function timeOf({ timestamp }: Coordinates): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

function identityLinkOf(value: JsonObject): IdentityLink | undefined {
  const actor = objectMember(value, 'actor');
  const account = objectMember(actor, 'account');
  const mbox = textMember(actor, 'mbox');
  const userId = textMember(account, 'name');
  if (member(account, 'homePage') !== nljHomePage || userId === undefined || mbox === undefined) return undefined;
  return isMailto(mbox) ? { userId, mbox } : undefined;
}
