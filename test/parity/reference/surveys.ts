/** Every survey number over plain arrays (spec: search.md, Numbers; decision 0008). */
import type {
  SurveyAnalyticsData,
  SurveyAnalyticsQuery,
  SurveyDemographicsData,
  SurveyQuestionData,
  SurveyQuestionQuery,
  SurveyStatsData,
  SurveyStatsQuery,
} from '../../../functions/analytics/survey/index.ts';
import { type Block, blocksOf, type Cell, cellsOf } from './anonymity.ts';
import type { Row } from './facts.ts';
import { distinct, groupBy, known, mean, percent, round, sum } from './measures.ts';
import { type Answer, fields, kindOf, type Person, peopleOf } from './survey-facts.ts';
import { welch } from './welch.ts';

type Question = SurveyAnalyticsData['questions'][string];
type Kind = Question['scale_info']['type'];

interface Window {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface Survey {
  readonly k: number;
  readonly cells: readonly Cell[];
  /** By question. */
  readonly blocks: ReadonlyMap<string, readonly Block[]>;
  readonly durations: readonly Block[];
}

/** Everybody waits, and everything that can be closed is closed at once. */
export function surveyIn(rows: readonly Row[], id: string, k: number): Survey {
  const people = peopleOf(rows, id);
  const cells = cellsOf(people, k);
  const questions = distinct(people.flatMap(({ answers }) => answers.map(({ question }) => question))).sort();
  const answersTo = (question: string) => (person: Person) =>
    person.answers.filter((answer) => answer.question === question);
  return {
    k,
    cells,
    blocks: new Map(
      questions
        .map((question) => [question, blocksOf(cells, answersTo(question), k)] as const)
        .filter(([, blocks]) => blocks.length > 0),
    ),
    durations: blocksOf(cells, durationOf, k),
  };
}

function durationOf({ seconds }: Person): readonly Answer[] {
  if (seconds === null) return [];
  const nothing = { question: '', type: null, choice: null, title: null, text: null, scale: null, scaled: undefined };
  return [{ ...nothing, numeric: seconds }];
}

const within =
  ({ since, until }: Window) =>
  ({ first, last }: Cell): boolean =>
    (since === undefined || Date.parse(first) >= Date.parse(since)) &&
    (until === undefined || Date.parse(last) + 86_400_000 <= Date.parse(until));

export function analytics(survey: Survey, query: SurveyAnalyticsQuery): SurveyAnalyticsData | null {
  if (survey.cells.length === 0) return null;
  const cells = survey.cells.filter(within(query));
  const people = cells.flatMap((cell) => cell.people);
  const asked = [...survey.blocks].filter(
    ([question]) => query.questionId === undefined || question === query.questionId,
  );
  const shown = asked
    .map(([question, blocks]) => [question, blocks.filter(within(query))] as const)
    .filter(([, blocks]) => blocks.length > 0);
  return {
    survey_id: query.surveyId,
    anonymity: { threshold: survey.k },
    overview: {
      total_responses: people.length,
      unique_respondents: people.length,
      total_answers: sum(shown.map(([, blocks]) => answersIn(blocks).length)),
      completion_rate: completionRate(people),
      response_rate: null,
      avg_completion_time: meanDuration(survey, query, 1),
      completion_timeline: distinct(cells.map(({ last }) => last))
        .sort()
        .map((date) => {
          const ended = cells.filter(({ last }) => last === date).flatMap((cell) => cell.people);
          return { date, responses: ended.length, completions: ended.filter(({ completed }) => completed).length };
        }),
      response_timeframe: {
        from: cells.map(({ first }) => first).sort()[0] ?? null,
        to:
          cells
            .map(({ last }) => last)
            .sort()
            .at(-1) ?? null,
      },
    },
    questions: Object.fromEntries(shown.map(([question, blocks]) => [question, figures(survey, question, blocks)])),
    demographics: breakdown(survey, query, cells, shown),
    trends: Object.fromEntries(
      shown
        .filter(([question]) => isNumber(kindOf(typeOf(survey, question))))
        .map(([question, blocks]) => [question, trend(blocks)]),
    ),
  };
}

function breakdown(
  survey: Survey,
  { groupBy: field }: SurveyAnalyticsQuery,
  cells: readonly Cell[],
  shown: readonly (readonly [string, readonly Block[]])[],
): SurveyAnalyticsData['demographics'] {
  if (field === undefined) return null;
  const groups = [
    ...groupBy(
      cells.filter((cell) => cell.groups[field] !== undefined),
      (cell) => String(cell.groups[field]),
    ),
  ]
    .map(([group, own]) => ({ group, people: own.flatMap((cell) => cell.people) }))
    .sort((a, b) => b.people.length - a.people.length || (a.group < b.group ? -1 : 1));
  return {
    field,
    groups: groups.map(({ group, people }) => ({
      group,
      total_responses: people.length,
      completion_rate: completionRate(people),
      questions: Object.fromEntries(
        shown
          .map(([question, blocks]) => [question, blocks.filter((block) => block.groups[field] === group)] as const)
          .filter(([, blocks]) => blocks.length > 0)
          .map(([question, blocks]) => [question, figures(survey, question, blocks)]),
      ),
    })),
    other_responses: sum(cells.filter((cell) => cell.groups[field] === undefined).map((cell) => cell.people.length)),
  };
}

export function question(survey: Survey, query: SurveyQuestionQuery): SurveyQuestionData | null {
  const blocks = survey.blocks.get(query.questionId);
  if (blocks === undefined) return null;
  const read = figures(survey, query.questionId, blocks, query.scaleType);
  const { yes_percentage: yes, no_percentage: no } = read;
  return {
    survey_id: query.surveyId,
    question_id: query.questionId,
    anonymity: { threshold: survey.k },
    response_count: read.response_count,
    unique_respondents: read.response_count,
    response_distribution: read.distribution,
    statistics: read.statistics,
    scale_info: read.scale_info,
    scale_analysis:
      (read.nps && { type: 'nps', ...read.nps }) ??
      (read.semantic_summary && { type: 'likert', ...read.semantic_summary }) ??
      (yes === null || no === null ? null : { type: 'binary', yes_percentage: yes, no_percentage: no }),
  };
}

export function stats(survey: Survey, query: SurveyStatsQuery): SurveyStatsData | null {
  if (survey.cells.length === 0) return null;
  const cells = survey.cells.filter(within(query));
  const people = cells.flatMap((cell) => cell.people);
  const shown = [...survey.blocks.values()]
    .map((blocks) => blocks.filter(within(query)))
    .filter(({ length }) => length > 0);
  const completions = people.filter(({ completed }) => completed).length;
  return {
    survey_id: query.surveyId,
    anonymity: { threshold: survey.k },
    total_questions: shown.length,
    total_responses: answersIn(shown.flat()).length,
    unique_respondents: people.length,
    completion_rate: completionRate(people),
    response_rate: null,
    average_completion_time: meanDuration(survey, query, 60),
    last_response_at:
      cells
        .map(({ last }) => last)
        .sort()
        .at(-1) ?? null,
    response_distribution: { responses: people.length, completions, partial: people.length - completions },
  };
}

export function demographics(survey: Survey, query: SurveyStatsQuery): SurveyDemographicsData | null {
  if (survey.cells.length === 0) return null;
  const cells = survey.cells.filter(within(query));
  const count = (part: readonly Cell[]) => sum(part.map(({ people }) => people.length));
  const stated = fields.filter((field) => cells.some(({ groups }) => groups[field] !== undefined));
  return {
    survey_id: query.surveyId,
    anonymity: { threshold: survey.k },
    detected_fields: stated,
    field_coverage: stated.map((field) => {
      const values = distinct(cells.map(({ groups }) => groups[field]));
      const groups = values
        .map((value) => ({ value, respondents: count(cells.filter((cell) => cell.groups[field] === value)) }))
        .sort((a, b) => b.respondents - a.respondents || (a.value < b.value ? -1 : 1));
      const frequency = sum(groups.map(({ respondents }) => respondents));
      return {
        field,
        frequency,
        coverage_percentage: percent(frequency, count(cells)) ?? 0,
        unique_values: values.length,
        groups,
      };
    }),
  };
}

/** Single answers, as text, without an order. */
export function responses(survey: Survey, query: SurveyStatsQuery): string[] {
  return [...survey.blocks].flatMap(([id, blocks]) =>
    answersIn(blocks.filter(within(query))).map((answer) => {
      const value = isNamed(survey, id, answer) ? (answer.choice ?? answer.numeric) : null;
      return JSON.stringify({ question_id: id, question_type: typeOf(survey, id), response_value: value });
    }),
  );
}

const answersIn = (blocks: readonly Block[]) => blocks.flatMap(({ answers }) => answers);
const completionRate = (people: readonly Person[]) =>
  percent(people.filter(({ completed }) => completed).length, people.length);
const isNumber = (kind: Kind) => ['nps', 'likert', 'rating', 'numeric'].includes(kind);

function meanDuration({ durations }: Survey, window: Window, unit: number): number | null {
  const average = mean(known(answersIn(durations.filter(within(window))).map(({ numeric }) => numeric)));
  return average === null ? null : round(average / unit, 2);
}

/** What k answers of a block state, the most frequent of it; of the latest block where any does. */
function stated<T>(survey: Survey, id: string, read: (answer: Answer) => T | null): T | null {
  const ofBlocks = (survey.blocks.get(id) ?? []).map((block) => {
    const said = known(block.answers.map(read)).map((value) => JSON.stringify(value));
    const counts = [...groupBy(said, String)].map(([text, same]) => ({ text, count: same.length }));
    const [most] = counts
      .filter(({ count }) => count >= survey.k)
      .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
    return most === undefined ? null : (JSON.parse(most.text) as T);
  });
  return known(ofBlocks).at(-1) ?? null;
}

const typeOf = (survey: Survey, id: string) => stated(survey, id, ({ type }) => type);

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
function isNamed(survey: Survey, id: string, { numeric, choice }: Answer): boolean {
  const same = answersIn(survey.blocks.get(id) ?? []).filter(
    (answer) => answer.numeric === numeric && answer.choice === choice,
  );
  if (same.length >= survey.k && (numeric !== null || choice !== null)) return true;
  if (choice !== null) return ['yes', 'no', 'true', 'false', '0', '1'].includes(choice.toLowerCase());
  if (numeric === null || !Number.isInteger(numeric)) return false;
  const scale = kindOf(typeOf(survey, id)) === 'nps' ? ([0, 10] as const) : scaleOf(survey, id);
  return scale !== null && scale[1] - scale[0] <= 10 && numeric >= scale[0] && numeric <= scale[1];
}

function figures(survey: Survey, id: string, blocks: readonly Block[], kind?: Kind): Question {
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

const rounded = (value: number | null) => (value === null ? null : round(value, 2));
const share = (count: number, of: number) => ({ count, percentage: round((100 * count) / of, 1) });

function npsOf(numbers: readonly number[]): Question['nps'] {
  const valid = numbers.filter((value) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].includes(value));
  if (valid.length === 0) return null;
  const promoters = valid.filter((value) => value >= 9).length;
  const detractors = valid.filter((value) => value <= 6).length;
  const score = round((1000 * (promoters - detractors)) / valid.length, 0) / 10;
  return {
    promoters: share(promoters, valid.length),
    passives: share(valid.length - promoters - detractors, valid.length),
    detractors: share(detractors, valid.length),
    nps_score: score,
    nps_category:
      score >= 70
        ? 'Excellent'
        : score >= 50
          ? 'Great'
          : score >= 30
            ? 'Good'
            : score >= 0
              ? 'Needs Improvement'
              : 'Critical',
  };
}

function partOf(value: number, [min, max]: readonly [number, number]): 'positive' | 'neutral' | 'negative' {
  const points = max - min + 1;
  const ends = points >= 4 ? 2 : 1;
  if (value > max - ends) return 'positive';
  return value < min + ends ? 'negative' : 'neutral';
}

function likertOf(numbers: readonly number[], scale: readonly [number, number] | null): Question['semantic_summary'] {
  if (scale === null || numbers.length === 0) return null;
  const count = (part: string) => numbers.filter((value) => partOf(value, scale) === part).length;
  return {
    positive: share(count('positive'), numbers.length),
    neutral: share(count('neutral'), numbers.length),
    negative: share(count('negative'), numbers.length),
  };
}

function binaryOf(answers: readonly Answer[]) {
  const said = (words: readonly string[]) =>
    answers.filter(({ choice }) => choice !== null && words.includes(choice.toLowerCase())).length;
  const [yes, no] = [said(['yes', 'true', '1']), said(['no', 'false', '0'])];
  return yes + no === 0 ? null : { yes: share(yes, yes + no).percentage, no: share(no, yes + no).percentage };
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

function trend(blocks: readonly Block[]): SurveyAnalyticsData['trends'][string] {
  const days = distinct(blocks.map(({ last }) => last)).sort();
  const daily = days
    .map((date) => ({
      date,
      numbers: known(answersIn(blocks.filter(({ last }) => last === date)).map(({ numeric }) => numeric)),
    }))
    .filter(({ numbers }) => numbers.length > 0)
    .map(({ date, numbers }) => ({ date, value: sum(numbers) / numbers.length, count: numbers.length }));
  const samples = daily.map(({ value }) => value);
  const earlier = samples.slice(0, Math.floor(samples.length / 2));
  const later = samples.slice(earlier.length);
  const [before, after] = [mean(earlier), mean(later)];
  const p = earlier.length < 2 ? null : welch(earlier, later);
  return {
    series: daily.map((point) => ({ ...point, value: round(point.value, 2) })),
    current_score: rounded(after),
    previous_score: rounded(before),
    change:
      before === null || after === null || before === 0 ? null : round((100 * (after - before)) / Math.abs(before), 2),
    p_value: p,
    classification:
      p === null || p >= 0.05 ? 'steady' : Number(after) > Number(before) ? 'trending_up' : 'trending_down',
  };
}
