import type pg from 'pg';
import { parse as parseUuid } from 'uuid';
import { TransientError } from '../errors.ts';
import { agentKey, mailboxId, type Pepper } from '../people/person.ts';
import type { ChunkOutcome, Confirmation, Ledger, LedgerEntry, LedgerOutcome } from './ledger.ts';
import { classifyPostgresError, isRetriable } from './postgres-errors.ts';
import { insertIdentityLinks, resolveAgentKeys, upsertAgents } from './postgres-people.ts';
import type { Projection } from './projection.ts';
import type { StatementRow } from './row.ts';

/** How often a chunk that lost a deadlock is tried at once before its records are reported. */
const immediateTries = 4;

export interface PostgresLedgerOptions {
  readonly pool: pg.Pool;
  readonly pepper: Pepper;
  readonly projections: readonly Projection[];
}

/**
 * The ledger in PostgreSQL. A chunk is one transaction with a constant number of SQL statements: generations and
 * people's links are read, statements inserted in order of their ids, those that were there read back, agents
 * upserted, projections applied, dead letters of the same records closed. No session state is set: RDS Proxy would pin
 * the connection.
 */
export function postgresLedger({ pool, pepper, projections }: PostgresLedgerOptions): Ledger {
  return {
    async commit(entries) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await inTransaction(pool, (client) => commitChunk(client, entries, pepper, projections));
        } catch (error) {
          if (isRetriable(error) && attempt < immediateTries) continue;
          throw classifyPostgresError(error);
        }
      }
    },
    async confirm(confirmations) {
      if (confirmations.length === 0) return;
      await query(pool, confirmSql, [JSON.stringify(confirmations.map(confirmationRow))]);
    },
    async recordDeadLetters(letters) {
      if (letters.length === 0) return;
      const rows = letters.map(({ record, key, group, rejection, bucket, objectKey }) => ({
        ...coordinatesRow(record),
        topic_group: group,
        key: key?.toString('hex') ?? null,
        class: rejection.class,
        errors: JSON.stringify(rejection.errors),
        bucket,
        object_key: objectKey,
      }));
      await query(pool, deadLetterSql, [JSON.stringify(rows)]);
    },
  };
}

async function commitChunk(
  client: pg.ClientBase,
  entries: readonly LedgerEntry[],
  pepper: Pepper,
  projections: readonly Projection[],
): Promise<ChunkOutcome> {
  const generations = await liveGenerations(client);
  const agentKeys = await resolveAgentKeys(client, entries, pepper);
  const first = firstCopies(entries);
  const inserted = await insertStatements(client, [...first.values()], agentKeys);
  const missing = [...first.keys()].filter((id) => !inserted.has(id));
  const known = missing.length === 0 ? new Map<string, KnownRow>() : await readStatements(client, missing);

  const accepted: { entry: LedgerEntry; row: StatementRow }[] = [];
  for (const [id, entry] of first) {
    const stored = inserted.get(id);
    if (stored !== undefined) accepted.push({ entry, row: rowOf(entry, stored, agentKeys) });
  }
  const links = accepted.flatMap(({ entry }) =>
    entry.identityLink === undefined
      ? []
      : [
          {
            identifier: mailboxId(entry.identityLink.mbox),
            agentKey: agentKey(pepper, `user:${entry.identityLink.userId}`),
            email: entry.identityLink.mbox.slice('mailto:'.length),
          },
        ],
  );
  await insertIdentityLinks(client, links);
  await upsertAgents(client, accepted, pepper);
  const rows = accepted.map(({ row }) => row);
  for (const projection of projections) await projection.apply(client, rows);

  const acceptedRows = new Map(rows.map((row) => [row.id, row]));
  const outcomes = entries.map((entry): LedgerOutcome => {
    const { id } = entry.statement;
    const row = acceptedRows.get(id);
    if (row !== undefined) {
      const winner = first.get(id);
      if (winner === entry) return { kind: 'accepted', row };
      return winner !== undefined && sameContent(winner, entry)
        ? { kind: 'duplicate', row: null }
        : { kind: 'conflict' };
    }
    const existing = known.get(id);
    if (existing === undefined)
      throw new TransientError('A statement was neither inserted nor found: it was erased between');
    return sameContent(existing, entry) ? { kind: 'duplicate', row: existing.unconfirmed } : { kind: 'conflict' };
  });
  const settled = entries.filter((_, position) => {
    const kind = outcomes[position]?.kind;
    return kind === 'accepted' || kind === 'duplicate';
  });
  await client.query(replayedSql, [JSON.stringify(settled.map(({ record }) => coordinatesRow(record)))]);
  return { outcomes, generations };
}

/** Records that the ledger has wait no longer, however they came. Locked in the order of their coordinates, after all else. */
const replayedSql = `
  with known as (
    select d.cluster, d.topic, d.partition, d."offset", d.record_time
      from json_to_recordset($1::json) as r(cluster text, topic text, partition integer, "offset" bigint, record_time timestamptz)
      join dead_letter d using (cluster, topic, partition, "offset", record_time)
     where d.state = 'waiting'
     order by cluster, topic, partition, "offset", record_time
       for update of d)
  update dead_letter d
     set state = 'replayed', last_seen = now()
    from known
   where (d.cluster, d.topic, d.partition, d."offset", d.record_time)
       = (known.cluster, known.topic, known.partition, known."offset", known.record_time)
     and d.state = 'waiting'`;

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

function rowOf(entry: LedgerEntry, stored: string, agentKeys: ReadonlyMap<LedgerEntry, string>): StatementRow {
  return {
    id: entry.statement.id,
    body: entry.statement,
    group: entry.group,
    event: entry.event,
    origin: 'producer',
    stored,
    agentKey: agentKeys.get(entry) ?? null,
    voided: false,
    documentVersion: 1,
  };
}

async function liveGenerations(client: pg.ClientBase): Promise<number[]> {
  const result = await client.query<{ generation: number }>(
    `select generation from index_generation where state in ('live', 'building') order by generation`,
  );
  return result.rows.map(({ generation }) => generation);
}

/** ISO 8601 of a timestamptz, always in UTC with microseconds, as text: pg's Date would drop them. */
const isoStored = `to_char(stored at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stored`;

async function insertStatements(
  client: pg.ClientBase,
  entries: readonly LedgerEntry[],
  agentKeys: ReadonlyMap<LedgerEntry, string>,
): Promise<Map<string, string>> {
  const rows = entries.map((entry) => statementColumns(entry, agentKeys.get(entry) ?? null));
  const result = await client.query<{ id: string; stored: string }>(insertSql, [JSON.stringify(rows)]);
  return new Map(result.rows.map(({ id, stored }) => [id, stored]));
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
  };
}

/**
 * The new rows, cast to their columns. Bodies travel as JSON text inside a JSON string: `\u0000` within a nested value
 * would not survive json_to_recordset.
 */
export const insertColumns = `
  select id, body::json, decode(canonical_hash, 'hex'), decode(received_hash, 'hex'), topic_group, event, 'producer', now(),
         statement_time, cluster, topic, partition, "offset", record_time, delivery::json, upcast_rules::text[], agent_key
    from json_to_recordset($1::json) as r(
           id uuid, body text, canonical_hash text, received_hash text, topic_group text, event text,
           statement_time timestamptz, cluster text, topic text, partition integer, "offset" bigint,
           record_time timestamptz, delivery text, upcast_rules text, agent_key text)`;

const insertSql = `
  insert into statement (id, body, canonical_hash, received_hash, topic_group, event, origin, stored, statement_time,
                         cluster, topic, partition, "offset", record_time, delivery, upcast_rules, agent_key)
  ${insertColumns}
   order by id
  on conflict (id) do nothing
  returning id, ${isoStored}`;

export interface KnownRow extends Hashes {
  readonly unconfirmed: StatementRow | null;
}

/** Rows that were not inserted, in a second statement: the snapshot of the first one may not see them. */
export async function readStatements(client: pg.ClientBase, ids: readonly string[]): Promise<Map<string, KnownRow>> {
  const result = await client.query<{
    id: string;
    canonical_hash: Buffer;
    received_hash: Buffer;
    index_state: string;
    body: StatementRow['body'] | null;
    topic_group: string;
    event: string;
    origin: StatementRow['origin'];
    stored: string;
    agent_key: string | null;
    voided: boolean;
    document_version: string;
  }>(
    `select id, canonical_hash, received_hash, index_state, topic_group, event, origin, ${isoStored}, agent_key, voided,
            document_version, case when index_state = 'pending' then body end as body
       from statement where id = any($1::uuid[]) order by id`,
    [ids],
  );
  return new Map(
    result.rows.map((row) => [
      row.id,
      {
        canonicalHash: row.canonical_hash,
        receivedHash: row.received_hash,
        unconfirmed:
          row.body === null
            ? null
            : {
                id: row.id,
                body: row.body,
                group: row.topic_group,
                event: row.event,
                origin: row.origin,
                stored: row.stored,
                agentKey: row.agent_key,
                voided: row.voided,
                documentVersion: Number(row.document_version),
              },
      },
    ]),
  );
}

const confirmSql = `
  update statement s
     set index_state = case when c.refusal is null then 'indexed' else 'refused' end, index_refusal = c.refusal
    from (select id, document_version, refusal
            from json_to_recordset($1::json) as r(id uuid, document_version bigint, refusal text) order by id) c
   where s.id = c.id and s.document_version = c.document_version and s.index_state = 'pending'`;

function confirmationRow({ id, documentVersion, refusal }: Confirmation) {
  return { id, document_version: documentVersion, refusal };
}

const deadLetterSql = `
  insert into dead_letter (cluster, topic, partition, "offset", record_time, topic_group, key, class, errors, bucket, object_key)
  select cluster, topic, partition, "offset", record_time, topic_group, decode(key, 'hex'), class, errors::json, bucket, object_key
    from json_to_recordset($1::json) as r(
           cluster text, topic text, partition integer, "offset" bigint, record_time timestamptz, topic_group text, key text,
           class text, errors text, bucket text, object_key text)
   order by cluster, topic, partition, "offset", record_time
  on conflict (cluster, topic, partition, "offset", record_time) do update
     set class = excluded.class, errors = excluded.errors, bucket = excluded.bucket, object_key = excluded.object_key,
         attempts = dead_letter.attempts + 1, last_seen = now()
   where dead_letter.state = 'waiting'`;

export function coordinatesRow(record: LedgerEntry['record']) {
  return {
    cluster: record.cluster,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    record_time: new Date(record.timestamp).toISOString(),
  };
}

/** Runs work between BEGIN and COMMIT; a connection that failed is not used again. */
async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

export async function query(pool: pg.Pool, text: string, values: readonly unknown[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pool.query(text, [...values]);
      return;
    } catch (error) {
      if (isRetriable(error) && attempt < immediateTries) continue;
      throw classifyPostgresError(error);
    }
  }
}
