import type pg from 'pg';
import { z } from 'zod';
import type { RecordCoordinates } from '../../core/kafka/record.ts';
import { coordinatesRow } from '../../core/ledger/postgres-dead-letters.ts';
import { classifyPostgresError } from '../../core/ledger/postgres-errors.ts';
import { type DeadLetterRow, rowSchema } from './answer.ts';
import { identityOf } from './originals.ts';
import type { DeadLetterState, Filter } from './request.ts';
import { conditionsOf, pageOrder, type Selection } from './where.ts';

/** What the tables say of a record after a replay. */
export interface RecordState {
  /** Null where there is no such row any more. */
  readonly row: DeadLetterRow | null;
  /** Whether a ledger row names it as its source. */
  readonly inLedger: boolean;
}

/** A record that a mapping gave up. */
export interface GivenUp {
  readonly record: RecordCoordinates & { readonly key: Buffer | null };
  readonly group: string;
  readonly errors: DeadLetterRow['errors'];
}

/** The `dead_letter` table as operators use it. One adapter: `postgresDeadLetters`. */
export interface DeadLetterTable {
  /** Rows in the order of pages. */
  select(selection: Selection, limit: number): Promise<DeadLetterRow[]>;
  /** By `identityOf` the record. */
  states(records: readonly RecordCoordinates[]): Promise<ReadonlyMap<string, RecordState>>;
  /** Counts of what waits and is meant, by class; unless `dryRun`, they are discarded. */
  discard(filter: Filter, reason: string, dryRun: boolean): Promise<Readonly<Record<string, number>>>;
  /** Gives rows to those that neither the ledger nor a dead letter has, and returns how many; the batch is admitted then. */
  admit(batch: { readonly bucket: string; readonly objectKey: string }, records: readonly GivenUp[]): Promise<number>;
  /** Those of the batches that are not admitted yet. */
  unadmitted(objectKeys: readonly string[]): Promise<string[]>;
}

const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const columns = `
  d.cluster, d.topic, d.partition, d."offset"::float8 as "offset", extract(epoch from d.record_time)::float8 * 1000 as timestamp,
  d.topic_group as "group", d.class, d.errors, d.bucket, d.object_key as "objectKey", d.state, d.attempts,
  ${utc('d.first_seen')} as "firstSeen", ${utc('d.last_seen')} as "lastSeen", d.discard_reason as "discardReason"`;

const coordinates = 'cluster text, topic text, partition integer, "offset" bigint, record_time timestamptz';
const coordinateNames = 'cluster, topic, partition, "offset", record_time';

const rows = z.array(z.looseObject({ timestamp: z.number().transform(Math.round) }).pipe(rowSchema));

export function postgresDeadLetters(pool: pg.Pool): DeadLetterTable {
  const query = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    try {
      return await pool.query(text, [...values]);
    } catch (error) {
      throw classifyPostgresError(error);
    }
  };
  return {
    async select(selection, limit) {
      const { text, values } = conditionsOf(selection);
      const result = await query(
        `select ${columns} from dead_letter d where ${text} order by ${pageOrder} limit ${Math.trunc(limit)}`,
        values,
      );
      return rows.parse(result.rows);
    },
    async states(records) {
      const wanted = JSON.stringify(records.map(coordinatesRow));
      const letters = await query(
        `select ${columns} from json_to_recordset($1::json) as r(${coordinates}) join dead_letter d using (${coordinateNames})`,
        [wanted],
      );
      const ledger = await query(
        `select r.cluster, r.topic, r.partition, r."offset"::float8 as "offset", extract(epoch from r.record_time)::float8 * 1000 as timestamp
           from json_to_recordset($1::json) as r(${coordinates}) join statement s using (${coordinateNames})`,
        [wanted],
      );
      const byIdentity = new Map(rows.parse(letters.rows).map((row) => [identityOf(row), row]));
      const inLedger = new Set(places.parse(ledger.rows).map(identityOf));
      return new Map(
        records.map((record) => {
          const identity = identityOf(record);
          return [identity, { row: byIdentity.get(identity) ?? null, inLedger: inLedger.has(identity) }];
        }),
      );
    },
    async discard(filter, reason, dryRun) {
      const { text, values } = conditionsOf({ filter, state: 'waiting' satisfies DeadLetterState });
      const counted = dryRun
        ? `select class from dead_letter d where ${text}`
        : `update dead_letter d set state = 'discarded', discard_reason = $${values.length + 1}, last_seen = now()
            where ${text} returning class`;
      const result = await query(
        `with meant as (${counted}) select class, count(*)::integer as count from meant group by class order by class`,
        dryRun ? values : [...values, reason],
      );
      return Object.fromEntries(classCounts.parse(result.rows).map((row) => [row.class, row.count]));
    },
    async unadmitted(objectKeys) {
      const result = await query(
        `select key from unnest($1::text[]) as key
          where not exists (select from given_up_batch b where b.object_key = key) order by key`,
        [objectKeys],
      );
      return keys.parse(result.rows).map(({ key }) => key);
    },
    async admit({ bucket, objectKey }, records) {
      const given = records.map(({ record, group, errors }) => ({
        ...coordinatesRow(record),
        topic_group: group,
        key: record.key?.toString('hex') ?? null,
        errors: JSON.stringify(errors),
      }));
      const result = await query(admitSql, [JSON.stringify(given), bucket, objectKey, records.length]);
      return admittedCount.parse(result.rows)[0].count;
    },
  };
}

const places = z.array(
  z.object({
    cluster: z.string(),
    topic: z.string(),
    partition: z.number(),
    offset: z.number(),
    timestamp: z.number().transform(Math.round),
  }),
);

const classCounts = z.array(z.object({ class: z.string(), count: z.number() }));

const keys = z.array(z.object({ key: z.string() }));
const admittedCount = z.tuple([z.object({ count: z.number() })]);

const admitSql = `
  with letters as (
  insert into dead_letter (${coordinateNames}, topic_group, key, class, errors, bucket, object_key)
  select ${coordinateNames}, topic_group, decode(key, 'hex'), 'exhausted', errors::json, $2, $3
    from json_to_recordset($1::json) as r(${coordinates}, topic_group text, key text, errors text)
   where not exists (select from statement s
                      where (s.cluster, s.topic, s.partition, s."offset", s.record_time)
                          = (r.cluster, r.topic, r.partition, r."offset", r.record_time))
   order by ${coordinateNames}
  on conflict (${coordinateNames}) do nothing
  returning topic),
  batch as (
  insert into given_up_batch (object_key, records) values ($3, $4) on conflict (object_key) do nothing)
  select count(*)::integer as count from letters`;
