import type pg from 'pg';
import { type Authority, canonicalHash, eventName, storedForm, type ValidStatement } from '../xapi/index.ts';
import { activityHashOf } from './activity-hash.ts';
import type { Effect } from './ledger.ts';
import { rowColumns, type StatementColumns, statementRow } from './postgres-statements.ts';
import type { Announcement } from './projection.ts';

export interface AnnouncementOptions {
  readonly group: string;
  readonly authority: Authority;
}

const insertSql = `
  insert into statement as s (id, body, canonical_hash, received_hash, topic_group, event, origin, stored, statement_time, agent_key,
                              caused_by, activity_hash)
  select id, body::json, decode(hash, 'hex'), decode(hash, 'hex'), $2, event, 'platform', now(), statement_time, agent_key, caused_by,
         activity_hash
    from json_to_recordset($1::json) as r(
           id uuid, body text, hash text, event text, statement_time timestamptz, agent_key text, caused_by uuid, activity_hash uuid)
   order by id
  on conflict (id) do nothing
  returning ${rowColumns}`;

const outboxSql = `
  insert into outbox (statement_id, topic, key, body)
  select statement_id, topic, key, body::json
    from json_to_recordset($1::json) as r(decided bigint, statement_id uuid, topic text, key text, body text)
   order by decided
  on conflict (statement_id) do nothing`;

/** Writes a transaction's decisions to the ledger (origin platform) and, in their order, to the outbox. */
export async function insertAnnouncements(
  client: pg.ClientBase,
  announcements: readonly Announcement[],
  { group, authority }: AnnouncementOptions,
): Promise<Effect[]> {
  if (announcements.length === 0) return [];
  const decided = announcements.map((announcement) => ({
    ...announcement,
    statement: storedForm(announcement.statement, { authority }),
  }));
  const rows = decided.map(({ topic, agentKey, causedBy, statement }) => ({
    id: statement.id,
    body: JSON.stringify(statement),
    hash: hashOf(statement).toString('hex'),
    event: eventName(topic, statement),
    statement_time: statement.timestamp,
    agent_key: agentKey,
    caused_by: causedBy,
    activity_hash: activityHashOf(statement),
  }));
  const inserted = await client.query<StatementColumns>(insertSql, [JSON.stringify(rows), group]);
  const outbox = decided.map(({ topic, key, statement }, position) => ({
    decided: position,
    statement_id: statement.id,
    topic,
    key,
    body: JSON.stringify(statement),
  }));
  await client.query(outboxSql, [JSON.stringify(outbox)]);
  const causes = new Map(decided.map(({ statement, causedBy }) => [statement.id, causedBy]));
  return inserted.rows.map((row) => ({ row: statementRow(row), causedBy: causes.get(row.id) ?? row.id }));
}

function hashOf(statement: ValidStatement): Buffer {
  return canonicalHash(statement, { timestampAssigned: false });
}
