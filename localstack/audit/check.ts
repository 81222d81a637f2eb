import type { S3Client } from '@aws-sdk/client-s3';
import type { Client } from '@opensearch-project/opensearch';
import type pg from 'pg';
import { decodeValue } from '../../functions/core/kafka/decode.ts';
import { receivedHash } from '../../functions/core/xapi/index.ts';
import { type Found, lookUp, statementIdOf } from './accounting.ts';
import { checkDeadLetterObjects, type DeadLetterRow, deadLettersOf } from './dead-letter-objects.ts';
import { checkDocuments } from './documents.ts';
import { type KafkaRecord, partitionOf, placeOf } from './kafka-records.ts';

export interface CheckOptions {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** As the owner of the database. */
  readonly pool: pg.Pool;
  readonly search: Client;
  readonly s3: S3Client;
}

/** What must become of a record: `either` where several statements claim one id, and first come is first served. */
export type Expectation = 'stored' | 'refused' | 'either';

/** What became of records, each by itself. */
export interface Check {
  readonly records: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly deadLetters: number;
  readonly lost: number;
  readonly doubleCounted: number;
  readonly inTwoPlaces: number;
  /** Every invariant that does not hold, a sentence each. */
  readonly violations: readonly string[];
}

/** Records that are looked up at once. */
const lookup = 1_000;

/**
 * Holds every record against ledger, dead letters and index (spec, invariants 1 to 4). A record must be in the
 * ledger under its own coordinates, or repeat a statement that the ledger has with equal content, or be a dead letter
 * with its own bytes: exactly one of these, and the one that is expected.
 */
export async function checkRecords(
  options: CheckOptions,
  records: readonly KafkaRecord[],
  expectation: (record: KafkaRecord) => Expectation,
): Promise<Check> {
  const violations: string[] = [];
  const counts = { accepted: 0, duplicates: 0, deadLetters: 0, lost: 0, doubleCounted: 0, inTwoPlaces: 0 };
  const letters: (readonly [KafkaRecord, DeadLetterRow])[] = [];
  const ids = new Set<string>();
  for (const [place, list] of byPlace(records)) {
    for (let from = 0; from < list.length; from += lookup) {
      const part = list.slice(from, from + lookup);
      const looked = await look(options, place, part);
      for (const { id } of looked.values()) if (id !== null) ids.add(id);
      for (const record of part) judge(record, looked.get(record.offset));
    }
  }
  violations.push(...(await checkDeadLetterObjects(options.s3, letters)));
  const documents = await checkDocuments(options, [...ids]);
  counts.doubleCounted += documents.repeated;
  violations.push(...documents.faults);
  return { records: records.length, ...counts, violations };

  function judge(record: KafkaRecord, seen: Seen | undefined): void {
    const where = `${placeOf(record)}/${record.offset}`;
    const expected = expectation(record);
    const own = seen !== undefined && seen.found.rows > 0;
    const letter = seen?.letter ?? null;
    if (own) counts.accepted += 1;
    else if (letter !== null) counts.deadLetters += 1;
    else if (seen?.equal === true) counts.duplicates += 1;
    else {
      counts.lost += 1;
      violations.push(`${where} is lost: expected ${expected}`);
      return;
    }
    if ((seen?.found.rows ?? 0) > 1) {
      counts.doubleCounted += 1;
      violations.push(`${where} has ${seen?.found.rows} rows in the ledger`);
    }
    if (own && seen?.equal !== true) violations.push(`${where}: its row holds another statement`);
    if (letter !== null) {
      letters.push([record, letter]);
      if (own || seen?.equal === true) {
        counts.inTwoPlaces += 1;
        violations.push(`${where} is in the ledger and a dead letter (${letter.class})`);
      } else if (expected === 'stored') violations.push(`${where} is good and a dead letter (${letter.class})`);
    } else if (expected === 'refused') violations.push(`${where} is bad and in the ledger`);
  }
}

/** What is known of one record. */
interface Seen {
  readonly found: Found;
  readonly id: string | null;
  /** Whether the ledger's row of its id has its content. */
  readonly equal: boolean;
  readonly letter: DeadLetterRow | null;
}

async function look(
  { cluster, pool }: CheckOptions,
  place: string,
  records: readonly KafkaRecord[],
): Promise<Map<number, Seen>> {
  const { topic, partition } = partitionOf(place);
  const audited = records.map((record) => ({ record, statementId: statementIdOf(cluster, record) }));
  const found = await lookUp(
    pool,
    topic,
    partition,
    audited.map(({ record, statementId }) => ({ offset: record.offset, statementId })),
  );
  const byOffset = new Map(found.map((row) => [row.offset, row]));
  const ids = audited.flatMap(({ statementId }) => (statementId === null ? [] : [statementId]));
  const { rows } = await pool.query<{ id: string; received_hash: Buffer }>(
    'select id, received_hash from statement where id = any($1::uuid[]) and erased_at is null',
    [ids],
  );
  const hashes = new Map(rows.map((row) => [row.id, row.received_hash]));
  const letters = await deadLettersOf(pool, topic, partition, records);
  return new Map(
    audited.flatMap(({ record, statementId }) => {
      const row = byOffset.get(record.offset);
      if (row === undefined) return [];
      const hash = statementId === null ? undefined : hashes.get(statementId);
      const equal = hash?.equals(hashOf(record)) ?? false;
      return [[record.offset, { found: row, id: statementId, equal, letter: letters.get(record.offset) ?? null }]];
    }),
  );
}

function hashOf({ value }: KafkaRecord): Buffer {
  const decoded = decodeValue(value);
  return decoded.ok ? receivedHash(decoded.value) : Buffer.alloc(0);
}

function byPlace(records: readonly KafkaRecord[]): Map<string, KafkaRecord[]> {
  const places = new Map<string, KafkaRecord[]>();
  for (const record of records) {
    const list = places.get(placeOf(record)) ?? [];
    places.set(placeOf(record), list);
    list.push(record);
  }
  return places;
}
