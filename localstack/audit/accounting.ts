import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import type pg from 'pg';
import { decodeValue } from '../../functions/core/kafka/decode.ts';
import { upcast } from '../../functions/core/xapi/index.ts';
import { consumerGroupId, topicGroups } from '../../lib/catalogue.ts';
import { type KafkaRecord, type Offsets, placeOf } from './kafka-records.ts';

/** What the accounting must know of a message to find out what became of it. */
export interface AuditedRecord {
  readonly offset: number;
  /** Id of the statement that the value holds, or null if it holds none. */
  readonly statementId: string | null;
}

/** Where the ledger and the dead letters have a record. */
export interface Found {
  readonly offset: number;
  /** Rows of the ledger that name it as their source. More than one: counted twice. */
  readonly rows: number;
  /** Whether an upcasting rule changed it. */
  readonly upcast: boolean;
  /** Whether a dead letter that was not replayed has it. */
  readonly rejected: boolean;
  /** Whether the ledger has its statement, from this record or another. */
  readonly known: boolean;
}

/** Looks up what became of records of one partition: the one question of every accounting. */
export async function lookUp(
  pool: pg.Pool,
  topic: string,
  partition: number,
  records: readonly AuditedRecord[],
): Promise<Found[]> {
  const { rows } = await pool.query<{
    offset: string;
    rows: string;
    upcast: boolean;
    rejected: boolean;
    known: boolean;
  }>(
    `select r."offset", count(distinct s.id) as rows, coalesce(bool_or(cardinality(s.upcast_rules) > 0), false) as upcast,
            bool_or(d.topic is not null) as rejected, bool_or(k.id is not null) as known
       from unnest($3::bigint[], $4::uuid[]) as r("offset", id)
       left join statement s on s.topic = $1 and s.partition = $2 and s."offset" = r."offset"
       left join dead_letter d on d.topic = $1 and d.partition = $2 and d."offset" = r."offset" and d.state <> 'replayed'
       left join statement k on k.id = r.id
      group by 1`,
    [topic, partition, records.map(({ offset }) => offset), records.map(({ statementId }) => statementId)],
  );
  return rows.map(({ offset, rows: count, ...found }) => ({ offset: Number(offset), rows: Number(count), ...found }));
}

/** How far the mappings' consumer groups have committed, and where each partition ends. */
export async function readOffsets(
  admin: Admin,
  stage: string,
): Promise<{ readonly committed: Offsets; readonly ends: Offsets }> {
  const topics = topicGroups.flatMap((group) =>
    group.topics.map((topic) => ({ ...topic, groupId: consumerGroupId(stage, group.name, topic.name) })),
  );
  const committed = new Map<string, number>();
  const groups = await admin.listConsumerGroupOffsets({ groups: topics.map(({ groupId }) => groupId) });
  for (const group of groups) {
    for (const { name: topic, partitions } of group.topics) {
      for (const { partitionIndex: partition, committedOffset } of partitions) {
        committed.set(placeOf({ topic, partition }), Math.max(0, Number(committedOffset)));
      }
    }
  }
  const listed = await admin.listOffsets({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp: ListOffsetTimestamps.LATEST,
      })),
    })),
  });
  const ends = new Map(
    listed.flatMap(({ name: topic, partitions }) =>
      partitions.map(
        ({ partitionIndex: partition, offset }) => [placeOf({ topic, partition }), Number(offset)] as const,
      ),
    ),
  );
  return { committed, ends };
}

/** Id of the statement that a record holds, its own or the one derived from its coordinates; null if it holds none. */
export function statementIdOf(
  cluster: string,
  { value, topic, partition, timestamp, offset }: KafkaRecord,
): string | null {
  const decoded = decodeValue(value);
  if (!decoded.ok) return null;
  const record = { cluster, topic, partition, offset, timestamp };
  const { id } = upcast({ value: decoded.value, topic, record }).statement;
  return typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id.toLowerCase() : null;
}
