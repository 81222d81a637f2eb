import { demographicFields } from '../../core/search/demographics.ts';
import { percentOf, rounded } from '../rounded.ts';
import type { ReadingStores } from '../stores.ts';
import type {
  SurveyAnalyticsData,
  SurveyAnalyticsQuery,
  SurveyDemographicsData,
  SurveyDemographicsQuery,
  SurveyQuestionData,
  SurveyQuestionQuery,
  SurveyResponsesData,
  SurveyResponsesQuery,
  SurveyStatsData,
  SurveyStatsQuery,
} from './contract.ts';
import type { QuestionFigures } from './figures.ts';
import { questionFigures } from './question.ts';
import { type AnswerSums, type CellSums, readSurvey, type SurveyReader } from './read.ts';
import { trendsOf } from './trends.ts';

const secondsPerMinute = 60;

/** GET /api/surveys/{id}/analytics: see `SurveyNumbers`. */
export function surveyAnalytics(
  stores: ReadingStores,
  query: SurveyAnalyticsQuery,
): Promise<SurveyAnalyticsData | null> {
  return readSurvey(stores, query, async (reader) => {
    const facts = await reader.questions();
    const figures = (sums: readonly AnswerSums[]) =>
      Object.fromEntries(
        sums.flatMap((sum) => {
          const fact = facts.get(sum.questionId);
          return fact === undefined ? [] : [[sum.questionId, questionFigures(sum.questionId, fact, sum)] as const];
        }),
      );
    const total = totalOf(await reader.cells());
    const answers = await reader.answers();
    return {
      survey_id: query.surveyId,
      anonymity: { threshold: reader.threshold },
      overview: {
        total_responses: total.members,
        unique_respondents: total.members,
        total_answers: answers.reduce((sum, { answered }) => sum + answered, 0),
        completion_rate: percentOf(total.completed, total.members),
        response_rate: null,
        avg_completion_time: await meanDuration(reader, 1),
        completion_timeline: [...(await reader.timeline())],
        response_timeframe: { from: total.firstDay, to: total.lastDay },
      },
      questions: figures(answers),
      demographics: await breakdown(reader, query, figures),
      trends: trendsOf(await reader.daily(), facts),
    };
  });
}

async function breakdown(
  reader: SurveyReader,
  { groupBy }: SurveyAnalyticsQuery,
  figures: (sums: readonly AnswerSums[]) => Record<string, QuestionFigures>,
): Promise<SurveyAnalyticsData['demographics']> {
  if (groupBy === undefined) return null;
  const cells = await reader.cells(groupBy);
  const answers = await reader.answers(groupBy);
  return {
    field: groupBy,
    groups: cells.flatMap(({ group, members, completed }) =>
      group === null
        ? []
        : [
            {
              group,
              total_responses: members,
              completion_rate: percentOf(completed, members),
              questions: figures(answers.filter((sum) => sum.group === group)),
            },
          ],
    ),
    other_responses: cells.find(({ group }) => group === null)?.members ?? 0,
  };
}

/** GET /api/surveys/{id}/questions/{qid}/analytics: see `SurveyNumbers`. */
export function surveyQuestion(stores: ReadingStores, query: SurveyQuestionQuery): Promise<SurveyQuestionData | null> {
  const { surveyId, questionId, scaleType } = query;
  return readSurvey(stores, { surveyId, questionId }, async (reader) => {
    const facts = (await reader.questions()).get(questionId);
    const [sums] = await reader.answers();
    if (facts === undefined || sums === undefined) return null;
    const figures = questionFigures(questionId, facts, sums, scaleType);
    return {
      survey_id: surveyId,
      question_id: questionId,
      anonymity: { threshold: reader.threshold },
      response_count: figures.response_count,
      unique_respondents: figures.response_count,
      response_distribution: figures.distribution,
      statistics: figures.statistics,
      scale_info: figures.scale_info,
      scale_analysis: scaleAnalysis(figures),
    };
  });
}

function scaleAnalysis({
  nps,
  semantic_summary: likert,
  yes_percentage,
  no_percentage,
}: QuestionFigures): SurveyQuestionData['scale_analysis'] {
  if (nps !== null) return { type: 'nps', ...nps };
  if (likert !== null) return { type: 'likert', ...likert };
  if (yes_percentage !== null && no_percentage !== null) return { type: 'binary', yes_percentage, no_percentage };
  return null;
}

/** GET /api/surveys/{id}/stats: see `SurveyNumbers`. */
export function surveyStats(stores: ReadingStores, query: SurveyStatsQuery): Promise<SurveyStatsData | null> {
  return readSurvey(stores, query, async (reader) => {
    const total = totalOf(await reader.cells());
    const answers = await reader.answers();
    return {
      survey_id: query.surveyId,
      anonymity: { threshold: reader.threshold },
      total_questions: answers.length,
      total_responses: answers.reduce((sum, { answered }) => sum + answered, 0),
      unique_respondents: total.members,
      completion_rate: percentOf(total.completed, total.members),
      response_rate: null,
      average_completion_time: await meanDuration(reader, secondsPerMinute),
      last_response_at: total.lastDay,
      response_distribution: {
        responses: total.members,
        completions: total.completed,
        partial: total.members - total.completed,
      },
    };
  });
}

/** GET /api/surveys/{id}/demographics: see `SurveyNumbers`. */
export function surveyDemographics(
  stores: ReadingStores,
  query: SurveyDemographicsQuery,
): Promise<SurveyDemographicsData | null> {
  return readSurvey(stores, query, async (reader) => {
    const { members } = totalOf(await reader.cells());
    const groups = await reader.groups();
    const detected = demographicFields.filter((field) => groups.some((group) => group.field === field));
    return {
      survey_id: query.surveyId,
      anonymity: { threshold: reader.threshold },
      detected_fields: [...detected],
      field_coverage: detected.map((field) => {
        const values = groups.filter((group) => group.field === field);
        const frequency = values.reduce((sum, { respondents }) => sum + respondents, 0);
        return {
          field,
          frequency,
          coverage_percentage: percentOf(frequency, members) ?? 0,
          unique_values: values.length,
          groups: values.map(({ value, respondents }) => ({ value, respondents })),
        };
      }),
    };
  });
}

/** GET /api/surveys/{id}/responses: see `SurveyNumbers`. */
export function surveyResponses(
  stores: ReadingStores,
  query: SurveyResponsesQuery,
): Promise<SurveyResponsesData | null> {
  const { limit, cursor } = query;
  return readSurvey(stores, query, async (reader) => {
    const facts = await reader.questions();
    const total = (await reader.answers()).reduce((sum, { answered }) => sum + answered, 0);
    const page = await reader.singleAnswers({ limit: limit + 1, after: cursor });
    const shown = page.slice(0, limit);
    return {
      survey_id: query.surveyId,
      anonymity: { threshold: reader.threshold },
      responses: shown.map(({ questionId, value }) => ({
        question_id: questionId,
        question_type: facts.get(questionId)?.questionType ?? null,
        response_value: value,
      })),
      total,
      cursor: page.length > limit ? (shown.at(-1)?.hash ?? null) : null,
    };
  });
}

/** Zeros and nulls where the window holds no cell. */
function totalOf(cells: readonly CellSums[]) {
  const [total] = cells;
  return {
    members: total?.members ?? 0,
    completed: total?.completed ?? 0,
    firstDay: total?.firstDay ?? null,
    lastDay: total?.lastDay ?? null,
  };
}

async function meanDuration(reader: SurveyReader, secondsPerUnit: number): Promise<number | null> {
  const { answered, total } = await reader.durations();
  return answered === 0 ? null : rounded(total / answered / secondsPerUnit, 2);
}
