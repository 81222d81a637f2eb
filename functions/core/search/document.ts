import { surveyAnswerValue } from '../../survey/answer.ts';
import type { StatementRow } from '../ledger/row.ts';
import { displayName, durationSeconds, extension } from '../statement/reading.ts';
import type { ValidStatement } from '../xapi/index.ts';
import { type DemographicField, type Demographics, demographicFields } from './demographics.ts';
import { type LearnerFields, learnerFields } from './learner-fields.ts';

/**
 * What the index holds of a statement: only what queries need. No name, no free text, no body (spec: search.md).
 * Members that a statement does not have are undefined, and so absent from its JSON.
 */
export interface StatementDocument extends LearnerFields {
  readonly id: string;
  /** ISO 8601, UTC; decides the month of the index. */
  readonly stored: string;
  readonly timestamp: string;
  readonly group: string;
  readonly event: string;
  readonly origin: 'producer' | 'platform';
  readonly verb: string;
  readonly agent_key?: string | undefined;
  readonly activity_id?: string | undefined;
  readonly activity_type?: string | undefined;
  readonly activity_name?: string | undefined;
  readonly parent_activity?: readonly string[] | undefined;
  readonly survey_id?: string | undefined;
  readonly question_id?: string | undefined;
  readonly program_id?: string | undefined;
  readonly session_id?: string | undefined;
  readonly registration?: string | undefined;
  readonly platform?: string | undefined;
  readonly language?: string | undefined;
  readonly completion?: boolean | undefined;
  readonly success?: boolean | undefined;
  readonly score_scaled?: number | undefined;
  readonly score_raw?: number | undefined;
  readonly score_min?: number | undefined;
  readonly score_max?: number | undefined;
  readonly numeric_response?: number | undefined;
  readonly choice_response?: string | undefined;
  readonly duration_seconds?: number | undefined;
  readonly voided: boolean;
  /** The row's document version, so that rows and documents can be compared in sums. */
  readonly version: number;
  readonly demographics?: Demographics | undefined;
}

/** The document of a ledger row: a pure function of the row, so that the index can be rebuilt from PostgreSQL alone. */
export function documentOf(row: StatementRow): StatementDocument {
  const { body } = row;
  return {
    id: row.id,
    stored: row.stored,
    timestamp: body.timestamp,
    group: row.group,
    event: row.event,
    origin: row.origin,
    verb: body.verb.id,
    agent_key: row.agentKey ?? undefined,
    ...activityFields(body),
    ...contextFields(body),
    ...resultFields(body),
    ...surveyFields(row),
    ...learnerFields(row),
    voided: row.voided,
    version: row.documentVersion,
  };
}

type Fields = Partial<StatementDocument>;

function activityFields({ object }: ValidStatement): Fields {
  if (object.objectType !== undefined && object.objectType !== 'Activity') return {};
  return {
    activity_id: object.id,
    activity_type: object.definition?.type,
    activity_name: displayName(object.definition?.name),
  };
}

function contextFields({ context }: ValidStatement): Fields {
  if (context === undefined) return {};
  const parents = context.contextActivities?.parent?.map(({ id }) => id);
  return {
    registration: context.registration,
    platform: context.platform,
    language: context.language,
    parent_activity: parents !== undefined && parents.length > 0 ? parents : undefined,
    program_id: text(extension(context.extensions, 'program_id')),
    session_id: text(extension(context.extensions, 'session_id')),
  };
}

function resultFields({ result }: ValidStatement): Fields {
  if (result === undefined) return {};
  return {
    completion: result.completion,
    success: result.success,
    score_scaled: result.score?.scaled,
    score_raw: result.score?.raw,
    score_min: result.score?.min,
    score_max: result.score?.max,
    duration_seconds: result.duration === undefined ? undefined : (durationSeconds(result.duration) ?? undefined),
  };
}

/** Demographics of a survey statement: those that are known and text. */
export function demographicsOf({ context }: ValidStatement): Demographics {
  const demographics: Partial<Record<DemographicField, string>> = {};
  for (const field of demographicFields) {
    const value = text(extension(context?.extensions, field));
    if (value !== undefined) demographics[field] = value;
  }
  return demographics;
}

/** Of a statement about a survey, whatever its verb and topic, which survey; of an event of a survey what else is known. */
function surveyFields({ event, body }: StatementRow): Fields {
  const extensions = body.context?.extensions;
  const survey_id = text(extension(extensions, 'parent_survey'));
  if (!event.startsWith('survey.')) return { survey_id };
  const demographics = demographicsOf(body);
  const answer = event === 'survey.answered' ? surveyAnswerValue(body) : null;
  return {
    survey_id,
    question_id: text(extension(extensions, 'question_id')),
    numeric_response: answer?.numeric ?? undefined,
    choice_response: answer?.choice ?? undefined,
    demographics: Object.keys(demographics).length > 0 ? demographics : undefined,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
