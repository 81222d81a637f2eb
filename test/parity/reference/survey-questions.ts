/** What is told of one question of a survey, from its blocks. */
import type { Block, Cell } from './anonymity.ts';
import { distinct, groupBy, known, mean, percent, round, sum } from './measures.ts';
import { type Answer, kindOf } from './survey-facts.ts';
import {
  binaryOf,
  isNumber,
  type Kind,
  likertOf,
  npsOf,
  partOf,
  type Question,
  rounded,
  share,
} from './survey-measures.ts';

export interface Survey {
  readonly k: number;
  readonly cells: readonly Cell[];
  /** By question. */
  readonly blocks: ReadonlyMap<string, readonly Block[]>;
  readonly durations: readonly Block[];
}

export const answersIn = (blocks: readonly Block[]) => blocks.flatMap(({ answers }) => answers);

/** What k answers of a block state, the most frequent of it; of the latest block where any does. */
function stated<T>(survey: Survey, id: string, read: (answer: Answer) => T | null): T | null {
  const ofBlocks = (survey.blocks.get(id) ?? []).map((block) => {
    const said = groupBy(known(block.answers.map(read)), (value) => JSON.stringify(value));
    const [most] = [...said]
      .filter(([, same]) => same.length >= survey.k)
      .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1));
    return most?.[1][0] ?? null;
  });
  return known(ofBlocks).at(-1) ?? null;
}

export const typeOf = (survey: Survey, id: string) => stated(survey, id, ({ type }) => type);

function scaleOf(survey: Survey, id: string): readonly [number, number] | null {
  const told = stated(survey, id, ({ scale }) => scale);
  if (told !== null) return told;
  const blocks = (survey.blocks.get(id) ?? [])
    .map(({ answers }) => answers.filter(({ scaled }) => scaled !== undefined))
    .filter(({ length }) => length >= survey.k);
  const fits = ({ scaled, numeric }: Answer) => numeric !== null && Math.abs(Number(scaled) - (numeric - 1) / 4) < 1e-9;
  return blocks.length > 0 && blocks.flat().every(fits) ? [1, 5] : null;
}

/** Given by k in all, or one of a few that everybody is offered. */
export function isNamed(survey: Survey, id: string, { numeric, choice }: Answer): boolean {
  const same = answersIn(survey.blocks.get(id) ?? []).filter(
    (answer) => answer.numeric === numeric && answer.choice === choice,
  );
  if (same.length >= survey.k && (numeric !== null || choice !== null)) return true;
  if (choice !== null) return ['yes', 'no', 'true', 'false', '0', '1'].includes(choice.toLowerCase());
  if (numeric === null || !Number.isInteger(numeric)) return false;
  const scale = kindOf(typeOf(survey, id)) === 'nps' ? ([0, 10] as const) : scaleOf(survey, id);
  return scale !== null && scale[1] - scale[0] <= 10 && numeric >= scale[0] && numeric <= scale[1];
}

export function figures(survey: Survey, id: string, blocks: readonly Block[], kind?: Kind): Question {
  const type = typeOf(survey, id);
  const as = kind ?? kindOf(type);
  const answers = answersIn(blocks);
  const people = blocks.flatMap((block) => block.people);
  const scale = as === 'nps' ? ([0, 10] as const) : isNumber(as) ? scaleOf(survey, id) : null;
  const statedScale = scaleOf(survey, id);
  const numbers = known(answers.map(({ numeric }) => numeric)).sort((a, b) => a - b);
  const points =
    scale === null ? [] : Array.from({ length: scale[1] - scale[0] + 1 }, (_, point) => String(scale[0] + point));
  const nps = as === 'nps' ? npsOf(numbers) : null;
  const binary = as === 'binary' ? binaryOf(answers) : null;
  const distribution = distributionOf(survey, id, answers, as, statedScale);
  return {
    question_id: id,
    question_title: stated(survey, id, ({ title }) => title),
    question_text: stated(survey, id, ({ text }) => text),
    question_type: type,
    response_count: answers.length,
    skip_rate: percent(people.length - answers.length, people.length),
    scale_info: {
      type: as,
      min: scale?.[0] ?? null,
      max: scale?.[1] ?? null,
      labels: points.length <= 11 ? points : [],
    },
    distribution,
    average_score: isNumber(as) ? rounded(mean(numbers)) : null,
    statistics: isNumber(as) && numbers.length > 0 ? statisticsOf(survey, id, answers) : null,
    semantic_summary: as === 'likert' || as === 'rating' ? likertOf(numbers, statedScale) : null,
    nps,
    nps_score: nps?.nps_score ?? null,
    yes_percentage: binary?.yes ?? null,
    no_percentage: binary?.no ?? null,
    top_response: as === 'categorical' ? (distribution.find(({ value }) => value !== null)?.label ?? null) : null,
  };
}

function statisticsOf(survey: Survey, id: string, answers: readonly Answer[]): Question['statistics'] {
  const numbers = answers
    .filter(({ numeric }) => numeric !== null)
    .sort((a, b) => Number(a.numeric) - Number(b.numeric));
  const values = numbers.map(({ numeric }) => Number(numeric));
  const average = sum(values) / values.length;
  const counts = new Map(values.map((value) => [value, values.filter((other) => other === value).length]));
  const most = Math.max(...counts.values());
  const named = new Set(numbers.filter((answer) => isNamed(survey, id, answer)).map(({ numeric }) => Number(numeric)));
  const told = (value: number | undefined) => (value !== undefined && named.has(value) ? value : null);
  const [low, high] = [values[Math.ceil(values.length / 2) - 1], values[Math.floor(values.length / 2)]];
  return {
    count: values.length,
    mean: round(average, 2),
    median: told(low) === null || told(high) === null ? null : (Number(low) + Number(high)) / 2,
    mode: told(values.find((value) => counts.get(value) === most)),
    standard_deviation: round(Math.sqrt(sum(values.map((value) => (value - average) ** 2)) / values.length), 2),
    min: told(values[0]),
    max: told(values.at(-1)),
  };
}

function distributionOf(
  survey: Survey,
  id: string,
  answers: readonly Answer[],
  kind: Kind,
  scale: readonly [number, number] | null,
): Question['distribution'] {
  const valueIn = (answer: Answer) => (isNumber(kind) ? answer.numeric : answer.choice);
  const given = answers.filter((answer) => valueIn(answer) !== null);
  const hidden = given.filter(
    (answer) => !given.some((same) => valueIn(same) === valueIn(answer) && isNamed(survey, id, same)),
  );
  const entries = distinct(given.filter((answer) => !hidden.includes(answer)).map(valueIn)).map((value) => ({
    label: String(value),
    value,
    ...share(given.filter((answer) => valueIn(answer) === value).length, answers.length),
    color_key: typeof value === 'number' ? colorOf(value, kind, scale) : null,
  }));
  entries.sort((a, b) =>
    typeof a.value === 'number' && typeof b.value === 'number'
      ? a.value - b.value
      : b.count - a.count || (a.label < b.label ? -1 : 1),
  );
  if (hidden.length === 0) return entries;
  return [...entries, { label: 'Other', value: null, ...share(hidden.length, answers.length), color_key: null }];
}

function colorOf(
  value: number,
  kind: Kind,
  scale: readonly [number, number] | null,
): Question['distribution'][number]['color_key'] {
  if (kind === 'nps')
    return !Number.isInteger(value) || value < 0 || value > 10
      ? null
      : value >= 9
        ? 'promoter'
        : value >= 7
          ? 'passive'
          : 'detractor';
  return scale !== null && (kind === 'likert' || kind === 'rating') ? partOf(value, scale) : null;
}
