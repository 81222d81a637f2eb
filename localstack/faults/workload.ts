import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Expectation } from '../audit/check.ts';
import type { KafkaRecord } from '../audit/kafka-records.ts';
import { badKinds, generateMessages, spoil } from '../workload/generator.ts';
import type { OutgoingMessage } from '../workload/message.ts';

/**
 * What is sent while a fault lasts.
 *
 * - `mixed`: good statements of every topic, repetitions, conflicts, bad records of every kind
 * - `poison-first`, `-middle`, `-last`, `unstorable`: a batch in one partition with one bad record in that place; the
 *   last is one that only PostgreSQL refuses
 * - `conflict-storm`: few ids, each claimed by many different statements on several topics
 * - `oversize`: statements of hundreds of kilobytes, more in a batch than an invocation takes
 * - `clean`: good statements only; `poisoned`: the same with one bad record per hundred
 */
export const shapes = [
  'mixed',
  'poison-first',
  'poison-middle',
  'poison-last',
  'unstorable',
  'conflict-storm',
  'oversize',
  'clean',
  'poisoned',
] as const;
export type Shape = (typeof shapes)[number];

export interface Workload {
  readonly messages: readonly OutgoingMessage[];
  /** What must become of each, by `identityOf`. */
  readonly expected: ReadonlyMap<string, Expectation>;
}

export interface WorkloadOptions {
  readonly seed: number;
  readonly count: number;
  readonly shape?: Shape | undefined;
  /** The same messages with ids of their own, for a repetition in the same environment. */
  readonly idSpace?: string;
}

/** Shapes that move or change statements: those of trainings and content are refused on other topics or with a result. */
const changedShapes: ReadonlySet<Shape> = new Set([
  'poison-first',
  'poison-middle',
  'poison-last',
  'unstorable',
  'oversize',
]);

type Expected = OutgoingMessage & { readonly expected: Expectation };

/** Valid xAPI; PostgreSQL has no year 0. */
const refusedTimestamp = '0000-01-01T00:00:00Z';

/** The workload of a seed: the same seed, shape and count make the same messages, and no other seed shares an id. */
export function workloadOf({ seed, count, shape = 'mixed', idSpace = '' }: WorkloadOptions): Workload {
  const groups = changedShapes.has(shape) ? (['survey', 'learning'] as const) : undefined;
  const good = [...generateMessages({ seed, count, idSpace, ...(groups === undefined ? {} : { groups }) })];
  const messages = messagesOf(seed, good, shape);
  const expected = new Map<string, Expectation>();
  for (const message of messages) expected.set(identityOf(message), message.expected);
  return { messages, expected };
}

function messagesOf(seed: number, good: readonly OutgoingMessage[], shape: Shape): Expected[] {
  const random = xoroshiro128plus(seed);
  const below = (limit: number) => uniformInt(random, 0, limit - 1);
  switch (shape) {
    case 'mixed':
      return mixed(good, below);
    case 'clean':
      return good.map(stored);
    case 'poisoned':
      return good.map((message, position) =>
        position % 100 === 50 ? refused(message, position / 100) : stored(message),
      );
    case 'conflict-storm':
      return conflictStorm(good, below);
    case 'oversize':
      return good.slice(0, 40).map((message) => stored(fattened(message, 200_000 + below(600_000))));
    case 'unstorable':
      return inOnePartition(good).map((message, position, all) =>
        position === Math.floor(all.length / 2) ? unstorable(message) : stored(message),
      );
    default: {
      const last = good.length - 1;
      const place = { 'poison-first': 0, 'poison-middle': Math.floor(last / 2), 'poison-last': last }[shape];
      return inOnePartition(good).map((message, position) =>
        position === place ? refused(message, below(badKinds.length)) : stored(message),
      );
    }
  }
}

function mixed(good: readonly OutgoingMessage[], below: (limit: number) => number): Expected[] {
  const sent: Expected[] = [];
  const contested = new Set<string>();
  for (const message of good) {
    const draw = below(100);
    const earlier = sent[below(sent.length + 1)];
    if (draw < 6 && earlier?.expected === 'stored') sent.push(earlier);
    else if (draw < 10) sent.push(refused(message, below(badKinds.length)));
    else if (draw === 10) sent.push(unstorable(message));
    else if (draw < 14 && earlier?.expected === 'stored') {
      const rival = changed(earlier, { timestamp: '2026-02-02T02:02:02.000Z' });
      contested.add(idOf(earlier));
      sent.push({ ...rival, expected: 'either' });
    } else sent.push(stored(message));
  }
  return sent.map((message) =>
    message.expected === 'stored' && contested.has(idOf(message)) ? { ...message, expected: 'either' } : message,
  );
}

/** Of each ten statements the other nine claim the first one's id. */
function conflictStorm(good: readonly OutgoingMessage[], below: (limit: number) => number): Expected[] {
  return good.map((message, position) => {
    const owner = good[position - (position % 10)];
    const rival = owner === undefined ? message : changed(message, { id: idOf(owner) });
    return { ...rival, partition: below(2), expected: 'either' };
  });
}

function inOnePartition(messages: readonly OutgoingMessage[]): OutgoingMessage[] {
  return messages.map((message) => ({ ...message, topic: 'xapi-events', partition: 0 }));
}

function stored(message: OutgoingMessage): Expected {
  return { ...message, expected: 'stored' };
}

/** A tombstone has nothing to tell it from another, and needs nothing: every one is refused. */
function refused(message: OutgoingMessage, kind: number): Expected {
  return { ...spoil(message, kind % badKinds.length), expected: 'refused' };
}

function unstorable(message: OutgoingMessage): Expected {
  return { ...changed(message, { timestamp: refusedTimestamp }), expected: 'refused' };
}

function fattened(message: OutgoingMessage, bytes: number): OutgoingMessage {
  return changed(message, { result: { response: 'x'.repeat(bytes) } });
}

function changed(message: OutgoingMessage, changes: Readonly<Record<string, unknown>>): OutgoingMessage {
  return { ...message, value: Buffer.from(JSON.stringify({ ...statementOf(message), ...changes })) };
}

function idOf(message: OutgoingMessage): string {
  return String(statementOf(message)['id']);
}

function statementOf({ value }: OutgoingMessage): Readonly<Record<string, unknown>> {
  return JSON.parse(value?.toString() ?? '{}');
}

/** What tells a message from others, as it was sent and as it is read back. */
export function identityOf({ topic, value }: Pick<KafkaRecord, 'topic' | 'value'>): string {
  return `${topic} ${value === null ? '' : createHash('sha1').update(value).digest('hex')}`;
}
