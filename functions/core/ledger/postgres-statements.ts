import type pg from 'pg';
import { parse as parseUuid } from 'uuid';
import { voidingTarget } from '../xapi/index.ts';
import { activityHashOf } from './activity-hash.ts';
import type { LedgerEntry } from './ledger.ts';
import { coordinatesRow } from './postgres-dead-letters.ts';
import type { StatementRow } from './row.ts';

/** The first entry of each statement id, by ascending id: the lock order of the ledger. */
export function firstCopies(entries: readonly LedgerEntry[]): Map<string, LedgerEntry> {
  const first = new Map<string, LedgerEntry>();
  for (const entry of entries) if (!first.has(entry.statement.id)) first.set(entry.statement.id, entry);
  return new Map([...first].sort(([a], [b]) => Buffer.compare(parseUuid(a), parseUuid(b))));
}

export interface Hashes {
  readonly canonicalHash: Buffer;
  readonly receivedHash: Buffer;
}

/** Same id: a duplicate if either hash is equal, else a conflict. */
export function sameContent(left: Hashes, right: Hashes): boolean {
  return left.canonicalHash.equals(right.canonicalHash) || left.receivedHash.equals(right.receivedHash);
}

export interface Inserted {
  /** ISO 8601, UTC, with microseconds. */
  readonly stored: string;
  readonly voided: boolean;
}

/** Inserts rows whose ids are not there yet, in the order given, and returns those. Erased ones keep id and place alone. */
export async function insertStatements(
  client: pg.ClientBase,
  entries: readonly LedgerEntry[],
  agentKeys: ReadonlyMap<LedgerEntry, string>,
  erased: ReadonlySet<LedgerEntry>,
): Promise<Map<string, Inserted>> {
  const rows = entries.map((entry) =>
    erased.has(entry) ? erasedColumns(entry) : statementColumns(entry, agentKeys.get(entry) ?? null),
  );
  const result = await client.query<{ id: string; stored: string; voided: boolean }>(insertSql, [JSON.stringify(rows)]);
  return new Map(result.rows.map(({ id, stored, voided }) => [id, { stored, voided }]));
}

/** An entry as `insertColumns` reads it. */
export function statementColumns(entry: LedgerEntry, personKey: string | null) {
  return {
    id: entry.statement.id,
    body: JSON.stringify(entry.statement),
    canonical_hash: entry.canonicalHash.toString('hex'),
    received_hash: entry.receivedHash.toString('hex'),
    topic_group: entry.group,
    event: entry.event,
    statement_time: entry.statement.timestamp,
    ...coordinatesRow(entry.record),
    delivery: Object.keys(entry.delivery).length === 0 ? null : JSON.stringify(entry.delivery),
    upcast_rules: `{${entry.upcastRules.join(',')}}`,
    agent_key: personKey,
    activity_hash: activityHashOf(entry.statement),
    voids: voidingTarget(entry.statement) !== null,
    erased: false,
  };
}

function erasedColumns(entry: LedgerEntry) {
  return {
    ...statementColumns(entry, null),
    body: null,
    canonical_hash: null,
    received_hash: null,
    delivery: null,
    activity_hash: null,
    erased: true,
  };
}

/**
 * The new rows, cast to their columns. Bodies travel as JSON text inside a JSON string: `\u0000` within a nested value
 * would not survive json_to_recordset. Whoever voids a statement that is not there yet has left a row in `voiding`.
 */
export const insertColumns = `
  select id, body::json, decode(canonical_hash, 'hex'), decode(received_hash, 'hex'), topic_group, event, 'producer', now(),
         statement_time, cluster, topic, partition, "offset", record_time, delivery::json, upcast_rules::text[], agent_key,
         not voids and not erased and exists (select 1 from voiding v where v.target_id = r.id),
         case when erased then 'erased' else 'pending' end, case when erased then now() end, activity_hash
    from json_to_recordset($1::json) as r(
           id uuid, body text, canonical_hash text, received_hash text, topic_group text, event text,
           statement_time timestamptz, cluster text, topic text, partition integer, "offset" bigint,
           record_time timestamptz, delivery text, upcast_rules text, agent_key text, voids boolean, erased boolean,
           activity_hash uuid)`;

/** ISO 8601 of a timestamptz, always in UTC with microseconds, as text: pg's Date would drop them. */
const isoStored = `to_char(s.stored at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stored`;

const insertSql = `
  insert into statement as s (id, body, canonical_hash, received_hash, topic_group, event, origin, stored, statement_time,
                              cluster, topic, partition, "offset", record_time, delivery, upcast_rules, agent_key, voided,
                              index_state, erased_at, activity_hash)
  ${insertColumns}
   order by id
  on conflict (id) do nothing
  returning id, ${isoStored}, voided`;

/** Columns of `statement s` that `statementRow` reads. */
export const rowColumns = `s.id, s.body, s.topic_group, s.event, s.origin, ${isoStored}, s.agent_key, s.voided, s.document_version`;

export type StatementColumns = {
  readonly id: string;
  readonly body: StatementRow['body'];
  readonly topic_group: string;
  readonly event: string;
  readonly origin: StatementRow['origin'];
  readonly stored: string;
  readonly agent_key: string | null;
  readonly voided: boolean;
  readonly document_version: string;
};

export function statementRow(row: StatementColumns): StatementRow {
  return {
    id: row.id,
    body: row.body,
    group: row.topic_group,
    event: row.event,
    origin: row.origin,
    stored: row.stored,
    agentKey: row.agent_key,
    voided: row.voided,
    documentVersion: Number(row.document_version),
  };
}

/** What the ledger holds under an id. */
export type KnownRow =
  | { readonly erased: true }
  | ({
      readonly erased: false;
      /** The row, where its document has not been confirmed. */
      readonly unconfirmed: StatementRow | null;
    } & Hashes);

/** Rows that were not inserted, in a second statement: the snapshot of the first one may not see them. */
export async function readStatements(client: pg.ClientBase, ids: readonly string[]): Promise<Map<string, KnownRow>> {
  const result = await client.query<
    Omit<StatementColumns, 'body'> & {
      readonly canonical_hash: Buffer | null;
      readonly received_hash: Buffer | null;
      readonly body: StatementRow['body'] | null;
    }
  >(
    `select ${rowColumns.replace('s.body', `case when s.index_state = 'pending' then s.body end as body`)},
            s.canonical_hash, s.received_hash
       from statement s where s.id = any($1::uuid[]) order by s.id`,
    [ids],
  );
  return new Map(
    result.rows.map(({ canonical_hash, received_hash, body, ...row }) => [
      row.id,
      canonical_hash === null || received_hash === null
        ? { erased: true }
        : {
            erased: false,
            canonicalHash: canonical_hash,
            receivedHash: received_hash,
            unconfirmed: body === null ? null : statementRow({ ...row, body }),
          },
    ]),
  );
}
