import type { StatementRow } from '../core/ledger/row.ts';
import { extension } from '../core/statement/reading.ts';
import type { ValidationError } from '../core/xapi/index.ts';
import { entityId } from '../core/xapi/upcasting/rule.ts';
import { type GenerationKind, generationKinds } from './generation.ts';
import { count, text, uuid } from './values.ts';

const activityKinds = ['modified', 'imported', 'reviewed'] as const;

/** Collections of the objects that content events are about. */
const sessions = 'content-generation-sessions';
const contents = 'content';

/** A `generation_event` row. */
export interface GenerationEventRow {
  readonly statement_id: string;
  readonly session_id: string;
  readonly kind: GenerationKind;
  readonly occurred: string;
  readonly agent_key: string | null;
  /** JSON text. */
  readonly extensions: string;
}

/** A `content_activity` row. */
export interface ContentActivityRow {
  readonly statement_id: string;
  readonly kind: (typeof activityKinds)[number];
  readonly session_id: string | null;
  readonly content_id: string | null;
  readonly occurred: string;
  readonly agent_key: string | null;
  readonly modification_type: string | null;
  readonly modification_description: string | null;
  readonly import_source: string | null;
  readonly import_type: string | null;
  readonly imported_items_count: number | null;
  readonly review_status: string | null;
  readonly reviewer_comments: string | null;
}

export interface ContentChanges {
  readonly events: readonly GenerationEventRow[];
  readonly activities: readonly ContentActivityRow[];
}

/** What content statements add to the tables; statements of other events add nothing. */
export function contentChanges(rows: readonly StatementRow[]): ContentChanges {
  return {
    events: rows.flatMap((row) => generationEvent(row) ?? []),
    activities: rows.flatMap((row) => contentActivity(row) ?? []),
  };
}

/** Refuses a content event whose object has no id that it could be kept under. */
export function refuseContent({ event, body }: Pick<StatementRow, 'event' | 'body'>): ValidationError | null {
  const isGeneration = event.startsWith('generation.');
  if (!isGeneration && !event.startsWith('content.')) return null;
  if (objectId(body, sessions) !== null || (!isGeneration && objectId(body, contents) !== null)) return null;
  return {
    path: '$.object.id',
    rule: isGeneration ? 'generation-session-id' : 'content-id',
    requirement: 'events.md, Canonical events',
    expected: isGeneration ? `.../${sessions}/{uuid}` : `.../${sessions}/{uuid} or .../${contents}/{uuid}`,
    found: 'another object',
  };
}

/** Extensions of the catalogue that a generation's state is made from. */
const generationExtensions = [
  'source_document_ids',
  'prompt_config',
  'progress_percentage',
  'current_step',
  'generated_content_size',
  'tokens_used',
  'duration_seconds',
  'content_id',
  'error_message',
  'error_type',
] as const;

function generationEvent(row: StatementRow): GenerationEventRow | null {
  const kind = generationKinds.find((word) => row.event === `generation.${word}`);
  const sessionId = objectId(row.body, sessions);
  if (kind === undefined || sessionId === null) return null;
  const present = generationExtensions.map((name) => [name, extension(row.body.context?.extensions, name)] as const);
  return {
    statement_id: row.id,
    session_id: sessionId,
    kind,
    occurred: row.body.timestamp,
    agent_key: row.agentKey,
    extensions: JSON.stringify(Object.fromEntries(present.filter(([, value]) => value !== undefined))),
  };
}

function contentActivity(row: StatementRow): ContentActivityRow | null {
  const kind = activityKinds.find((word) => row.event === `content.${word}`);
  const sessionId = objectId(row.body, sessions);
  const contentId = sessionId === null ? objectId(row.body, contents) : null;
  if (kind === undefined || (sessionId === null && contentId === null)) return null;
  const value = (name: string) => extension(row.body.context?.extensions, name);
  return {
    statement_id: row.id,
    kind,
    session_id: sessionId,
    content_id: contentId,
    occurred: row.body.timestamp,
    agent_key: row.agentKey,
    modification_type: text(value('modification_type')),
    modification_description: text(value('modification_description')),
    import_source: text(value('import_source')),
    import_type: text(value('import_type')),
    imported_items_count: count(value('imported_items_count')),
    review_status: text(value('review_status')),
    reviewer_comments: text(value('reviewer_comments')),
  };
}

/** The id of the entity that a statement's Activity is; null for another object. */
function objectId({ object }: StatementRow['body'], collection: string): string | null {
  const isActivity = object.objectType === undefined || object.objectType === 'Activity';
  return isActivity ? uuid(entityId(object.id, collection)) : null;
}
