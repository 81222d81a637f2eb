import { z } from 'zod';
import { demographicFields } from '../../core/search/demographics.ts';
import type { ReadingStores } from '../stores.ts';
import {
  anonymity,
  answerStatistics,
  day,
  distributionEntry,
  npsSummary,
  questionFigures,
  scaleInfo,
  scaleType,
  semanticSummary,
  trendFigures,
} from './figures.ts';

/** Bodies (`data`) and queries of the survey routes (spec: api.md). Times of queries are ISO 8601 with an offset. */

const count = z.number().int().nonnegative();
const percent = z.number().min(0).max(100);
const completionRate = percent
  .nullable()
  .describe('Respondents who completed / who started, answered or completed, percent, 2 decimals');
const responseRate = percent
  .nullable()
  .describe('Distinct respondents / invited; null: nobody states how many were invited');

const demographicField = z.enum(demographicFields);

export const surveyAnalyticsQuery = z.strictObject({
  surveyId: z.string().min(1),
  questionId: z.string().min(1).optional().describe('Only this question'),
  groupBy: demographicField.optional().describe('A demographic field of /demographics'),
  since: z.iso.datetime({ offset: true }).optional().describe('Only cells whose days lie after it as a whole'),
  until: z.iso.datetime({ offset: true }).optional().describe('Only cells whose days lie before it as a whole'),
});
export type SurveyAnalyticsQuery = z.infer<typeof surveyAnalyticsQuery>;

const groupFigures = z.strictObject({
  group: z.string().describe("The field's value"),
  total_responses: count.describe('Respondents of cells that all state this value'),
  completion_rate: completionRate,
  questions: z.record(z.string(), questionFigures).describe('By question id'),
});

export const surveyAnalyticsData = z.strictObject({
  survey_id: z.string(),
  anonymity,
  overview: z.strictObject({
    total_responses: count.describe('Respondents in closed cells'),
    unique_respondents: count.describe('The same: a respondent is counted once'),
    total_answers: count.describe('Answers counted, over all questions'),
    completion_rate: completionRate,
    response_rate: responseRate,
    avg_completion_time: z.number().nullable().describe('Mean duration stated by completions, seconds, 2 decimals'),
    completion_timeline: z
      .array(z.strictObject({ date: day, responses: count, completions: count }))
      .describe('Respondents by the last day of their cell'),
    response_timeframe: z
      .strictObject({ from: day.nullable(), to: day.nullable() })
      .describe('First and last day of the cells counted'),
  }),
  questions: z.record(z.string(), questionFigures).describe('By question id'),
  demographics: z
    .strictObject({
      field: demographicField,
      groups: z.array(groupFigures).describe('By number of respondents, then by value'),
      other_responses: count.describe('Respondents of cells that do not share one value of the field'),
    })
    .nullable()
    .describe('The breakdown that was asked for, else null'),
  trends: z.record(z.string(), trendFigures).describe('By id, of questions with numeric answers'),
});
export type SurveyAnalyticsData = z.infer<typeof surveyAnalyticsData>;

export const surveyQuestionQuery = z.strictObject({
  surveyId: z.string().min(1),
  questionId: z.string().min(1),
  scaleType: scaleType.optional().describe("Reads the answers by this scale; default: that of the question's type"),
});
export type SurveyQuestionQuery = z.infer<typeof surveyQuestionQuery>;

export const surveyQuestionData = z.strictObject({
  survey_id: z.string(),
  question_id: z.string(),
  anonymity,
  response_count: count.describe('Answers counted: one a respondent, the latest'),
  unique_respondents: count.describe('The same: a respondent is counted once'),
  response_distribution: z.array(distributionEntry),
  statistics: answerStatistics.nullable().describe('Null where no answer has a number'),
  scale_info: scaleInfo,
  scale_analysis: z
    .discriminatedUnion('type', [
      npsSummary.extend({ type: z.literal('nps') }),
      semanticSummary.extend({ type: z.literal('likert') }),
      z.strictObject({
        type: z.literal('binary'),
        yes_percentage: percent.describe('Percent, 1 decimal'),
        no_percentage: percent.describe('Percent, 1 decimal'),
      }),
    ])
    .nullable()
    .describe('Null where the scale has no such reading or is not known'),
});
export type SurveyQuestionData = z.infer<typeof surveyQuestionData>;

export const surveyStatsQuery = z.strictObject({
  surveyId: z.string().min(1),
  since: z.iso.datetime({ offset: true }).optional().describe('Only cells whose days lie after it as a whole'),
});
export type SurveyStatsQuery = z.infer<typeof surveyStatsQuery>;

export const surveyStatsData = z.strictObject({
  survey_id: z.string(),
  anonymity,
  total_questions: count.describe('Questions of which answers are counted'),
  total_responses: count.describe('Answers counted, over all questions'),
  unique_respondents: count.describe('Respondents in closed cells'),
  completion_rate: completionRate,
  response_rate: responseRate,
  average_completion_time: z.number().nullable().describe('Mean duration stated by completions, minutes, 2 decimals'),
  last_response_at: day.nullable().describe('Last day of the cells counted'),
  response_distribution: z.strictObject({
    responses: count.describe('Respondents'),
    completions: count.describe('Respondents who completed'),
    partial: count.describe('Respondents who did not'),
  }),
});
export type SurveyStatsData = z.infer<typeof surveyStatsData>;

export const surveyDemographicsQuery = surveyStatsQuery;
export type SurveyDemographicsQuery = z.infer<typeof surveyDemographicsQuery>;

export const surveyDemographicsData = z.strictObject({
  survey_id: z.string(),
  anonymity,
  detected_fields: z
    .array(demographicField)
    .describe('Fields with a group that can be shown, in the order in which groups are formed: values of group_by'),
  field_coverage: z
    .array(
      z.strictObject({
        field: demographicField,
        frequency: count.describe('Respondents of cells that share one value of the field'),
        coverage_percentage: percent.describe('Of all respondents counted, percent, 2 decimals'),
        unique_values: count.describe('Values that whole cells share'),
        groups: z
          .array(z.strictObject({ value: z.string(), respondents: count }))
          .describe('By number of respondents, then by value'),
      }),
    )
    .describe('In the order of detected_fields'),
});
export type SurveyDemographicsData = z.infer<typeof surveyDemographicsData>;

export const surveyResponsesQuery = surveyStatsQuery.extend({
  limit: z.number().int().min(1).max(1000),
  cursor: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .describe('Of the page before'),
});
export type SurveyResponsesQuery = z.infer<typeof surveyResponsesQuery>;

export const surveyResponsesData = z.strictObject({
  survey_id: z.string(),
  anonymity,
  responses: z
    .array(
      z.strictObject({
        question_id: z.string(),
        question_type: z.string().nullable(),
        response_value: z
          .union([z.number(), z.string()])
          .nullable()
          .describe('A number or a choice; null for text, and for values that are not named'),
      }),
    )
    .describe('Single answers without respondent, time or link to other answers, ordered by a keyed hash'),
  total: count.describe('Answers counted, over all pages'),
  cursor: z.string().nullable().describe('For the next page; null at the end'),
});
export type SurveyResponsesData = z.infer<typeof surveyResponsesData>;

/**
 * The survey routes' numbers, exported by this folder's index.ts under these names. Null: there is no such survey (or
 * question), or nothing of it may be shown yet; which of the two is not told, as the first answer would be.
 * They reject with what the store rejects with.
 */
export interface SurveyNumbers {
  /** GET /api/surveys/{id}/analytics. A question_id of which nothing may be shown leaves `questions` empty. */
  surveyAnalytics(stores: ReadingStores, query: SurveyAnalyticsQuery): Promise<SurveyAnalyticsData | null>;
  /** GET /api/surveys/{id}/questions/{qid}/analytics */
  surveyQuestion(stores: ReadingStores, query: SurveyQuestionQuery): Promise<SurveyQuestionData | null>;
  /** GET /api/surveys/{id}/stats */
  surveyStats(stores: ReadingStores, query: SurveyStatsQuery): Promise<SurveyStatsData | null>;
  /** GET /api/surveys/{id}/demographics */
  surveyDemographics(stores: ReadingStores, query: SurveyDemographicsQuery): Promise<SurveyDemographicsData | null>;
  /** GET /api/surveys/{id}/responses */
  surveyResponses(stores: ReadingStores, query: SurveyResponsesQuery): Promise<SurveyResponsesData | null>;
}
