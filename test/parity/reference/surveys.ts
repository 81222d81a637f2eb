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
import { isNumber, rounded } from './survey-measures.ts';
import { answersIn, figures, isNamed, type Survey, typeOf } from './survey-questions.ts';
import { welch } from './welch.ts';

interface Window {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
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

const completionRate = (people: readonly Person[]) =>
  percent(people.filter(({ completed }) => completed).length, people.length);

function meanDuration({ durations }: Survey, window: Window, unit: number): number | null {
  const average = mean(known(answersIn(durations.filter(within(window))).map(({ numeric }) => numeric)));
  return average === null ? null : round(average / unit, 2);
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
