import type { StatementRow } from '../core/ledger/row.ts';
import type { Demographics } from '../core/search/demographics.ts';
import { demographicsOf } from '../core/search/document.ts';
import { displayName, durationSeconds, extension } from '../core/statement/reading.ts';
import { surveyAnswerValue } from './answer.ts';
import { scaleOf } from './scale.ts';

/** The latest answer of a person to a question of a survey. */
export interface AnswerChange {
  readonly survey_id: string;
  readonly question_id: string;
  readonly agent_key: string;
  readonly question_type: string | null;
  readonly answered_at: string;
  readonly statement_id: string;
  readonly numeric_value: number | null;
  readonly choice_value: string | null;
  /** Name and description of the question. */
  readonly question_title: string | null;
  readonly question_text: string | null;
  /** Least and greatest answer: both or none. */
  readonly scale_min: number | null;
  readonly scale_max: number | null;
  readonly score_scaled: number | null;
}

/** What is known of a person's response to a survey; merges in any order to the same row. */
export interface ResponseChange {
  readonly survey_id: string;
  readonly agent_key: string;
  first_seen: string;
  started_at: string | null;
  completed_at: string | null;
  duration_seconds: number | null;
  demographics: Demographics;
  demographics_at: string | null;
  demographics_from: string | null;
}

export interface SurveyChanges {
  readonly answers: readonly AnswerChange[];
  readonly responses: readonly ResponseChange[];
}

/**
 * What survey statements change: at most one answer per (survey, question, person), the latest by (timestamp, statement
 * id), and one response per (survey, person). Statements of other events, and of nobody, change nothing.
 */
export function surveyChanges(rows: readonly StatementRow[]): SurveyChanges {
  const answers = new Map<string, AnswerChange>();
  const responses = new Map<string, ResponseChange>();
  for (const row of rows) {
    const surveyId = extension(row.body.context?.extensions, 'parent_survey');
    if (!row.event.startsWith('survey.') || row.agentKey === null || typeof surveyId !== 'string') continue;
    const answer = answerOf(row, surveyId, row.agentKey);
    if (answer !== null) {
      const key = JSON.stringify([answer.survey_id, answer.question_id, answer.agent_key]);
      const known = answers.get(key);
      if (known === undefined || isLater(answer, known)) answers.set(key, answer);
    }
    const response = responseOf(row, surveyId, row.agentKey);
    const key = JSON.stringify([surveyId, row.agentKey]);
    const known = responses.get(key);
    responses.set(key, known === undefined ? response : merge(known, response));
  }
  return { answers: [...answers.values()], responses: [...responses.values()] };
}

function answerOf(row: StatementRow, surveyId: string, agentKey: string): AnswerChange | null {
  const questionId = extension(row.body.context?.extensions, 'question_id');
  if (row.event !== 'survey.answered' || typeof questionId !== 'string') return null;
  const value = surveyAnswerValue(row.body);
  if (value === null) return null;
  const type = extension(row.body.context?.extensions, 'question_type');
  const definition = 'definition' in row.body.object ? row.body.object.definition : undefined;
  const scale = scaleOf(row.body);
  return {
    survey_id: surveyId,
    question_id: questionId,
    agent_key: agentKey,
    question_type: typeof type === 'string' ? type : null,
    answered_at: instant(row),
    statement_id: row.id,
    numeric_value: value.numeric,
    choice_value: value.choice,
    question_title: displayName(definition?.name) ?? null,
    question_text: displayName(definition?.description) ?? null,
    scale_min: scale?.min ?? null,
    scale_max: scale?.max ?? null,
    score_scaled: row.body.result?.score?.scaled ?? null,
  };
}

function responseOf(row: StatementRow, surveyId: string, agentKey: string): ResponseChange {
  const time = instant(row);
  const demographics = demographicsOf(row.body);
  const duration = row.event === 'survey.completed' ? row.body.result?.duration : undefined;
  return {
    survey_id: surveyId,
    agent_key: agentKey,
    first_seen: time,
    started_at: row.event === 'survey.started' ? time : null,
    completed_at: row.event === 'survey.completed' ? time : null,
    duration_seconds: duration === undefined ? null : durationSeconds(duration),
    demographics,
    demographics_at: Object.keys(demographics).length > 0 ? time : null,
    demographics_from: Object.keys(demographics).length > 0 ? row.id : null,
  };
}

function merge(left: ResponseChange, right: ResponseChange): ResponseChange {
  const laterDemographics = latestDemographics(left, right);
  return {
    survey_id: left.survey_id,
    agent_key: left.agent_key,
    first_seen: earliest(left.first_seen, right.first_seen) ?? left.first_seen,
    started_at: earliest(left.started_at, right.started_at),
    completed_at: earliest(left.completed_at, right.completed_at),
    duration_seconds: longest(left.duration_seconds, right.duration_seconds),
    demographics: laterDemographics.demographics,
    demographics_at: laterDemographics.demographics_at,
    demographics_from: laterDemographics.demographics_from,
  };
}

function latestDemographics(left: ResponseChange, right: ResponseChange): ResponseChange {
  if (left.demographics_at === null) return right;
  if (right.demographics_at === null) return left;
  const order = compare(left.demographics_at, right.demographics_at);
  return order < 0 || (order === 0 && (left.demographics_from ?? '') < (right.demographics_from ?? '')) ? right : left;
}

/** Statement time in UTC with milliseconds, so that two of them compare as text. */
function instant(row: StatementRow): string {
  return new Date(row.body.timestamp).toISOString();
}

function isLater(left: AnswerChange, right: AnswerChange): boolean {
  const order = compare(left.answered_at, right.answered_at);
  return order > 0 || (order === 0 && left.statement_id > right.statement_id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function earliest(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right;
  return left < right ? left : right;
}

function longest(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.max(left, right);
}
