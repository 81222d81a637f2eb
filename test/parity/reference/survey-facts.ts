/** Who answered what in a survey: from the specification alone. */
import { type Row, secondsOf, timeOf } from './facts.ts';
import { distinct, groupBy, known } from './measures.ts';

const ext = 'http://nlj.platform/extensions/';
const extensionsOf = (row: Row) => row.body.context?.extensions ?? {};
const textOf = (row: Row, name: string) => {
  const value = extensionsOf(row)[ext + name];
  return typeof value === 'string' ? value : undefined;
};

export const surveyOf = (row: Row) => textOf(row, 'parent_survey');
const questionOf = (row: Row) => textOf(row, 'question_id');

/** Demographics, in the order in which groups are formed. */
export const fields = [
  'department',
  'location',
  'job_level',
  'tenure',
  'generation',
  'team',
  'role',
  'division',
  'business_unit',
  'region',
  'employment_type',
  'cohort',
  'segment',
] as const;
export type Field = (typeof fields)[number];

export interface Answer {
  readonly question: string;
  readonly type: string | null;
  readonly numeric: number | null;
  readonly choice: string | null;
  readonly title: string | null;
  readonly text: string | null;
  readonly scale: readonly [number, number] | null;
  readonly scaled: number | undefined;
}

export interface Person {
  readonly key: string;
  /** UTC day of the first statement. */
  readonly day: string;
  readonly completed: boolean;
  readonly seconds: number | null;
  readonly groups: Readonly<Partial<Record<Field, string>>>;
  readonly answers: readonly Answer[];
}

const byTimeAndId = (a: Row, b: Row) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1);

/** Everybody who started, answered or completed, by agent key. */
export function peopleOf(rows: readonly Row[], survey: string): Person[] {
  const counted = rows.filter(
    (row) => row.event.startsWith('survey.') && !row.voided && row.origin === 'producer' && surveyOf(row) === survey,
  );
  const keys = distinct(counted.map(({ agentKey }) => agentKey)).sort();
  return keys.map((key) =>
    personOf(
      key,
      counted.filter(({ agentKey }) => agentKey === key),
    ),
  );
}

function personOf(key: string, rows: readonly Row[]): Person {
  const inOrder = rows.toSorted(byTimeAndId);
  const completions = inOrder.filter(({ event }) => event === 'survey.completed');
  const durations = known(completions.map(secondsOf));
  const withGroups = inOrder.map(groupsOf).filter((groups) => Object.keys(groups).length > 0);
  const answered = inOrder.filter((row) => row.event === 'survey.answered' && answerOf(row) !== null);
  const latest = [...groupBy(answered, (row) => String(questionOf(row))).values()].map((given) => given.at(-1));
  return {
    key,
    day: new Date(Math.min(...rows.map(timeOf))).toISOString().slice(0, 10),
    completed: completions.length > 0,
    seconds: durations.length === 0 ? null : Math.max(...durations),
    groups: withGroups.at(-1) ?? {},
    answers: known(latest).flatMap((row) => answerOf(row) ?? []),
  };
}

function groupsOf(row: Row): Person['groups'] {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = textOf(row, field);
      return value === undefined || value === '' ? [] : [[field, value]];
    }),
  );
}

const scored = ['likert', 'likert_scale', 'rating', 'nps', 'nps_scale', 'net_promoter_score'];
const numeric = [...scored, 'slider', 'numeric'];
const closed = [
  'multiple_choice',
  'single_choice',
  'choice',
  'multi_select',
  'checkbox',
  'true_false',
  'yes_no',
  'binary',
  'matrix',
];

/** How answers of a type are read. */
export function kindOf(type: string | null) {
  if (type === null) return 'text';
  if (type.startsWith('nps') || type === 'net_promoter_score') return 'nps';
  if (type.startsWith('likert')) return 'likert';
  if (type === 'rating') return 'rating';
  if (numeric.includes(type)) return 'numeric';
  if (['true_false', 'yes_no', 'binary'].includes(type)) return 'binary';
  return closed.includes(type) ? 'categorical' : 'text';
}

/** Null where it is no answer: an empty response, or no number where one was asked for. */
function answerOf(row: Row): Answer | null {
  const question = questionOf(row);
  if (question === undefined) return null;
  const type = textOf(row, 'question_type') ?? null;
  const response = row.body.result?.response?.trim() ?? '';
  const score = row.body.result?.score;
  const number = /^-?\d+(\.\d+)?$/.test(response) ? Number(response) : null;
  const value = {
    numeric: number ?? (scored.includes(type ?? '') ? (score?.raw ?? null) : null),
    choice: closed.includes(type ?? '') && response.length <= 256 ? response : null,
  };
  if (numeric.includes(type ?? '') ? value.numeric === null : response === '') return null;
  const isText = !numeric.includes(type ?? '') && !closed.includes(type ?? '');
  const definition = 'definition' in row.body.object ? row.body.object.definition : undefined;
  const points = definition?.scale?.map(({ id }) => Number(id));
  return {
    question,
    type,
    ...(isText ? { numeric: null, choice: null } : value),
    title: definition?.name?.['en-US'] ?? null,
    text: definition?.description?.['en-US'] ?? null,
    scale: scaleOf(points, score),
    scaled: score?.scaled,
  };
}

function scaleOf(
  points: readonly number[] | undefined,
  score: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined,
): readonly [number, number] | null {
  if (points !== undefined && points.length > 1) return [Math.min(...points), Math.max(...points)];
  return score?.min !== undefined && score.max !== undefined ? [score.min, score.max] : null;
}
