import type { Scale } from '../../survey/scale.ts';
import { percentOf, rounded } from '../rounded.ts';
import type { DistributionEntry, QuestionFigures, ScaleType } from './figures.ts';
import { type Bar, binaryPart, likertOf, likertPart, npsOf, npsPart, share, statisticsOf } from './histogram.ts';
import { isNumeric, scaleInfoOf, scaleTypeOf } from './scale.ts';

/** What is known of a question from all of its closed blocks. */
export interface QuestionFacts {
  readonly questionType: string | null;
  readonly title: string | null;
  readonly text: string | null;
  readonly scale: Scale | null;
}

/** A value of an answer and how many respondents gave it. */
export interface ValueCount {
  readonly numeric: number | null;
  /** Null of a number. */
  readonly choice: string | null;
  /** False where the value may be something that one respondent wrote: it counts and is not told. */
  readonly named: boolean;
  readonly respondents: number;
}

/** Sums over blocks of a question. */
export interface QuestionSums {
  readonly members: number;
  readonly answered: number;
  readonly values: readonly ValueCount[];
}

/** Values that are not named, together. */
const otherLabel = 'Other';

/** The figures of a question, read by `type` or by the question's own scale. */
export function questionFigures(
  questionId: string,
  { questionType, title, text, scale }: QuestionFacts,
  { members, answered, values }: QuestionSums,
  type: ScaleType = scaleTypeOf(questionType),
): QuestionFigures {
  const bars = barsOf(values);
  const info = scaleInfoOf(type, scale);
  const nps = type === 'nps' ? npsOf(bars) : null;
  const yes = type === 'binary' ? binaryShares(values) : null;
  const statistics = isNumeric(type) ? statisticsOf(bars) : null;
  return {
    question_id: questionId,
    question_title: title,
    question_text: text,
    question_type: questionType,
    response_count: answered,
    skip_rate: percentOf(members - answered, members),
    scale_info: info,
    distribution: distributionOf(values, answered, type, scale),
    average_score: statistics?.mean ?? null,
    statistics,
    semantic_summary: type === 'likert' || type === 'rating' ? likertOf(bars, scale) : null,
    nps,
    nps_score: nps?.nps_score ?? null,
    yes_percentage: yes?.yes ?? null,
    no_percentage: yes?.no ?? null,
    top_response: type === 'categorical' ? topResponse(values) : null,
  };
}

function barsOf(values: readonly ValueCount[]): Bar[] {
  const bars = new Map<number, Bar>();
  for (const { numeric: value, named, respondents } of values) {
    if (value === null) continue;
    const known = bars.get(value) ?? { value, named: false, respondents: 0 };
    bars.set(value, { value, named: known.named || named, respondents: known.respondents + respondents });
  }
  return [...bars.values()];
}

function distributionOf(
  values: readonly ValueCount[],
  answered: number,
  type: ScaleType,
  scale: Scale | null,
): DistributionEntry[] {
  const entries = isNumeric(type)
    ? barsOf(values)
        .sort((left, right) => left.value - right.value)
        .map((bar) => ({ ...bar, color_key: colorKey(bar.value, type, scale) }))
    : choicesOf(values).map((choice) => ({ ...choice, color_key: null }));
  const named = entries.flatMap(({ value, named, respondents, color_key }) =>
    named ? [{ label: String(value), value, ...share(respondents, answered), color_key }] : [],
  );
  const others = entries.reduce((sum, { named, respondents }) => sum + (named ? 0 : respondents), 0);
  if (others === 0) return named;
  return [...named, { label: otherLabel, value: null, ...share(others, answered), color_key: null }];
}

function colorKey(value: number, type: ScaleType, scale: Scale | null): DistributionEntry['color_key'] {
  if (type === 'nps') return npsPart(value);
  return scale !== null && (type === 'likert' || type === 'rating') ? likertPart(value, scale) : null;
}

/** By count, then by text. */
function choicesOf(values: readonly ValueCount[]) {
  return values
    .flatMap(({ choice, named, respondents }) => (choice === null ? [] : [{ value: choice, named, respondents }]))
    .sort((left, right) => right.respondents - left.respondents || (left.value < right.value ? -1 : 1));
}

function topResponse(values: readonly ValueCount[]): string | null {
  return choicesOf(values).find(({ named }) => named)?.value ?? null;
}

/** Percent of yes and no among the answers that are one of both; null where none is. */
export function binaryShares(values: readonly ValueCount[]): { readonly yes: number; readonly no: number } | null {
  const of = (part: 'yes' | 'no') =>
    values.reduce(
      (sum, { choice, respondents }) => sum + (choice !== null && binaryPart(choice) === part ? respondents : 0),
      0,
    );
  const [yes, no] = [of('yes'), of('no')];
  const count = yes + no;
  if (count === 0) return null;
  return { yes: rounded((100 * yes) / count, 1), no: rounded((100 * no) / count, 1) };
}
