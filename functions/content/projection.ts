import type pg from 'pg';
import type { Projection } from '../core/ledger/projection.ts';
import { contentChanges, type GenerationEventRow, refuseContent } from './changes.ts';
import { type Generation, type GenerationEvent, type GenerationKind, generationOf } from './generation.ts';

/** Content tables: generation sessions, folded from all their events, and one row per modification, import or review. */
export const contentProjection: Projection = {
  refuse: refuseContent,
  async apply(client, accepted) {
    const { events, activities } = contentChanges(accepted);
    if (events.length > 0) await applyEvents(client, events);
    if (activities.length > 0) await client.query(activitySql, [JSON.stringify(activities)]);
    return [];
  },
  async rederive(client, agentKeys) {
    const { rows } = await client.query<{ session_id: string }>(eventPeopleSql, [agentKeys]);
    if (rows.length > 0) await foldSessions(client, [...new Set(rows.map(({ session_id }) => session_id))]);
    await client.query(activityPeopleSql, [agentKeys]);
  },
};

/** Locks the sessions, whether they exist yet or not; adds the events; writes the sessions as all their events make them. */
async function applyEvents(client: pg.ClientBase, events: readonly GenerationEventRow[]): Promise<void> {
  const ids = [...new Set(events.map(({ session_id }) => session_id))];
  await client.query(placeholderSql, [ids]);
  await client.query('select from generation_session where id = any($1::uuid[]) order by id for update', [ids]);
  await client.query(eventSql, [JSON.stringify(events)]);
  await foldSessions(client, ids);
}

/** In statements of their own: their snapshots see what others committed before they released the sessions' locks. */
async function foldSessions(client: pg.ClientBase, ids: readonly string[]): Promise<void> {
  const known = await client.query<KnownEvent>(knownSql, [ids]);
  const bySession = Map.groupBy(known.rows, ({ session_id }) => session_id);
  const sessions = [...bySession].map(([id, rows]) => ({ id, ...sessionColumns(generationOf(rows.map(knownEvent))) }));
  await client.query(sessionSql, [JSON.stringify(sessions)]);
}

interface KnownEvent extends pg.QueryResultRow {
  readonly session_id: string;
  readonly statement_id: string;
  readonly kind: GenerationKind;
  readonly occurred: string;
  readonly agent_key: string | null;
  readonly extensions: Readonly<Record<string, unknown>>;
}

function knownEvent(row: KnownEvent): GenerationEvent {
  const { statement_id, kind, occurred, agent_key, extensions } = row;
  return { statementId: statement_id, kind, occurred, agentKey: agent_key, extensions };
}

const placeholderSql = `
  insert into generation_session (id)
  select id from unnest($1::uuid[]) as id order by id
  on conflict (id) do nothing`;

const eventSql = `
  insert into generation_event (statement_id, session_id, kind, occurred, agent_key, extensions)
  select statement_id, session_id, kind, occurred, agent_key, extensions::json
    from json_to_recordset($1::json) as r(
           statement_id uuid, session_id uuid, kind text, occurred timestamptz, agent_key text, extensions text)
   order by statement_id
  on conflict (statement_id) do nothing`;

/** Times in UTC with microseconds, as text: pg's Date would drop them. */
const knownSql = `
  select session_id, statement_id, kind, agent_key, extensions,
         to_char(occurred at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred
    from generation_event where session_id = any($1::uuid[])`;

/** A session as `sessionSql` reads it. The prompt travels as text: json_to_recordset would not keep `\\u0000` in it. */
function sessionColumns(generation: Generation) {
  const { promptConfig } = generation;
  return {
    attempt: generation.attempt,
    status: generation.status,
    prompt_config: promptConfig === null ? null : JSON.stringify(promptConfig),
    source_document_ids: generation.sourceDocumentIds,
    progress_percentage: generation.progressPercentage,
    current_step: generation.currentStep,
    error_message: generation.errorMessage,
    error_type: generation.errorType,
    content_id: generation.contentId,
    generated_content_size: generation.generatedContentSize,
    tokens_used: generation.tokensUsed,
    duration_seconds: generation.durationSeconds,
    agent_key: generation.agentKey,
    created_at: generation.createdAt,
    requested_at: generation.requestedAt,
    started_at: generation.startedAt,
    completed_at: generation.completedAt,
    contradictions: generation.contradictions,
  };
}

const sessionSql = `
  update generation_session s
     set attempt = r.attempt, status = r.status, prompt_config = r.prompt_config::json,
         source_document_ids = r.source_document_ids, progress_percentage = r.progress_percentage,
         current_step = r.current_step, error_message = r.error_message, error_type = r.error_type,
         content_id = r.content_id, generated_content_size = r.generated_content_size, tokens_used = r.tokens_used,
         duration_seconds = r.duration_seconds, agent_key = r.agent_key, created_at = r.created_at,
         requested_at = r.requested_at, started_at = r.started_at, completed_at = r.completed_at,
         contradictions = r.contradictions
    from json_to_recordset($1::json) as r(
           id uuid, attempt integer, status text, prompt_config text, source_document_ids text[],
           progress_percentage double precision, current_step text, error_message text, error_type text, content_id uuid,
           generated_content_size bigint, tokens_used bigint, duration_seconds double precision, agent_key text,
           created_at timestamptz, requested_at timestamptz, started_at timestamptz, completed_at timestamptz,
           contradictions integer)
   where s.id = r.id`;

const activitySql = `
  insert into content_activity (statement_id, kind, session_id, content_id, occurred, agent_key, modification_type,
                                modification_description, import_source, import_type, imported_items_count, review_status,
                                reviewer_comments)
  select * from json_to_recordset($1::json) as r(
           statement_id uuid, kind text, session_id uuid, content_id uuid, occurred timestamptz, agent_key text,
           modification_type text, modification_description text, import_source text, import_type text,
           imported_items_count bigint, review_status text, reviewer_comments text)
   order by statement_id
  on conflict (statement_id) do nothing`;

/** People as the ledger has them now. Of an erased statement the kind and the time stay, and nothing that somebody wrote. */
const eventPeopleSql = `
  update generation_event e
     set agent_key = s.agent_key, extensions = case when s.erased_at is null then e.extensions else '{}' end
    from statement s
   where s.id = e.statement_id and e.agent_key = any($1::text[]) and e.agent_key is distinct from s.agent_key
  returning e.session_id`;

const activityPeopleSql = `
  update content_activity a
     set agent_key = s.agent_key,
         modification_description = case when s.erased_at is null then a.modification_description end,
         import_source = case when s.erased_at is null then a.import_source end,
         reviewer_comments = case when s.erased_at is null then a.reviewer_comments end
    from statement s
   where s.id = a.statement_id and a.agent_key = any($1::text[]) and a.agent_key is distinct from s.agent_key`;
