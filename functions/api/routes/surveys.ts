import { z } from 'zod';
import {
  scaleType,
  surveyAnalytics,
  surveyAnalyticsData,
  surveyDemographics,
  surveyDemographicsData,
  surveyQuestion,
  surveyQuestionData,
  surveyResponses,
  surveyResponsesData,
  surveyStats,
  surveyStatsData,
} from '../../analytics/survey/index.ts';
import { demographicFields } from '../../core/search/demographics.ts';
import { instant, limit, text } from '../http/parameters.ts';
import { data, defineRoute, noBody, notFound } from '../route.ts';

const name = text(1, 200);
const params = z.strictObject({ id: name.meta({ description: 'The survey' }) });
const window = { since: instant.optional() };

/** One that nobody knows and one of which nothing may be shown yet are told alike. */
const unknown = notFound('survey, or nothing of it may be shown yet');

const common = { method: 'GET', access: 'view_analytics', body: noBody, also: [404] } as const;

export const getSurveyAnalytics = defineRoute({
  ...common,
  path: '/api/surveys/{id}/analytics',
  operationId: 'getSurveyAnalytics',
  summary: "A survey's figures, of whole cells of respondents",
  params,
  query: z.strictObject({
    question_id: name.optional(),
    group_by: z.enum(demographicFields).optional(),
    ...window,
    until: instant.optional(),
  }),
  data: surveyAnalyticsData,
  async answer({ params: { id }, query: { question_id, group_by, since, until } }, { stores }) {
    const query = { surveyId: id, questionId: question_id, groupBy: group_by, since, until };
    const figures = await surveyAnalytics(stores, query);
    return figures === null ? unknown : data(figures);
  },
});

export const getSurveyQuestion = defineRoute({
  ...common,
  path: '/api/surveys/{id}/questions/{qid}/analytics',
  operationId: 'getSurveyQuestion',
  summary: "A question's figures",
  params: z.strictObject({ ...params.shape, qid: name.meta({ description: 'The question' }) }),
  query: z.strictObject({ scale_type: scaleType.optional() }),
  data: surveyQuestionData,
  async answer({ params: { id, qid }, query: { scale_type } }, { stores }) {
    const figures = await surveyQuestion(stores, { surveyId: id, questionId: qid, scaleType: scale_type });
    return figures === null ? unknown : data(figures);
  },
});

export const getSurveyStats = defineRoute({
  ...common,
  path: '/api/surveys/{id}/stats',
  operationId: 'getSurveyStats',
  summary: "A survey's totals",
  params,
  query: z.strictObject(window),
  data: surveyStatsData,
  async answer({ params: { id }, query: { since } }, { stores }) {
    const figures = await surveyStats(stores, { surveyId: id, since });
    return figures === null ? unknown : data(figures);
  },
});

export const getSurveyDemographics = defineRoute({
  ...common,
  path: '/api/surveys/{id}/demographics',
  operationId: 'getSurveyDemographics',
  summary: 'Demographic fields that respondents state',
  params,
  query: z.strictObject(window),
  data: surveyDemographicsData,
  async answer({ params: { id }, query: { since } }, { stores }) {
    const figures = await surveyDemographics(stores, { surveyId: id, since });
    return figures === null ? unknown : data(figures);
  },
});

export const getSurveyResponses = defineRoute({
  ...common,
  path: '/api/surveys/{id}/responses',
  operationId: 'listSurveyResponses',
  summary: 'Single answers without respondents, in an order that tells nothing',
  params,
  query: z.strictObject({
    ...window,
    limit,
    cursor: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'must be the "cursor" of the page before')
      .optional(),
  }),
  data: surveyResponsesData,
  async answer({ params: { id }, query: { since, limit: size, cursor } }, { stores }) {
    const page = await surveyResponses(stores, { surveyId: id, since, limit: size, cursor });
    return page === null ? unknown : data(page);
  },
});
