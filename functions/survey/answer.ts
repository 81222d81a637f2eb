import { extension } from '../core/statement/reading.ts';
import type { ValidStatement } from '../core/xapi/index.ts';

/** What a survey answer counts as. Both null: text, which only the ledger's body holds. */
export interface AnswerValue {
  readonly numeric: number | null;
  readonly choice: string | null;
}

/** Questions whose answer is a number: the response, else `score.raw`, never `score.scaled` (spec: search.md). */
const scoredTypes = new Set(['likert', 'likert_scale', 'rating', 'nps', 'nps_scale', 'net_promoter_score']);

/** Questions whose answer is a number: the response only. */
const numericTypes = new Set(['slider', 'numeric']);

/** Questions whose answer is one of a closed list. */
const choiceTypes = new Set([
  'multiple_choice',
  'single_choice',
  'choice',
  'multi_select',
  'checkbox',
  'true_false',
  'yes_no',
  'binary',
  'matrix',
]);

/** Longest choice that is taken for one: what is longer is text that somebody wrote. */
const longestChoice = 256;

/**
 * The value of a `survey.answered` statement, or null where it is no answer: an empty response and no score.
 * A question type that is not known is free text.
 */
export function surveyAnswerValue(statement: ValidStatement): AnswerValue | null {
  const type = extension(statement.context?.extensions, 'question_type');
  const response = statement.result?.response?.trim() ?? '';
  const raw = statement.result?.score?.raw;
  if (typeof type === 'string' && (scoredTypes.has(type) || numericTypes.has(type))) {
    const numeric = numberOf(response) ?? (scoredTypes.has(type) ? (raw ?? null) : null);
    return numeric === null ? null : { numeric, choice: null };
  }
  if (response === '') return null;
  if (typeof type === 'string' && choiceTypes.has(type)) {
    return { numeric: numberOf(response), choice: response.length <= longestChoice ? response : null };
  }
  return { numeric: null, choice: null };
}

/** A response that is a decimal number as a whole; `''`, `0x10` and `4 of 5` are none. */
function numberOf(response: string): number | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(response) && Number.isFinite(Number(response))
    ? Number(response)
    : null;
}
