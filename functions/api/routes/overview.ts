import { z } from 'zod';
import {
  completionStatsData,
  overviewData,
  trendMetrics,
  trendPeriods,
  trendsData,
} from '../../analytics/learning/contract.ts';
import { learningNumbers } from '../../analytics/learning/index.ts';
import { activityId, instant, nothing } from '../http/parameters.ts';
import { timeZone } from '../http/time-zone.ts';
import { dateOf } from '../http/window.ts';
import { data, defineRoute, noBody } from '../route.ts';

export const getOverview = defineRoute({
  method: 'GET',
  path: '/api/analytics/overview',
  operationId: 'getOverview',
  summary: 'Numbers of the whole platform',
  access: 'view_analytics',
  params: nothing,
  query: z.strictObject({ since: instant.optional(), until: instant.optional(), tz: timeZone }),
  body: noBody,
  data: overviewData,
  async answer({ query: { since, until, tz } }, { stores }) {
    return data(await learningNumbers.overview(stores, { since: dateOf(since), until: dateOf(until), tz }));
  },
});

export const getCompletionStats = defineRoute({
  method: 'GET',
  path: '/api/analytics/completion-stats',
  operationId: 'getCompletionStats',
  summary: 'How much is completed, of one activity or of all',
  access: 'view_analytics',
  params: nothing,
  query: z.strictObject({ activity_id: activityId.optional(), since: instant.optional(), until: instant.optional() }),
  body: noBody,
  data: completionStatsData,
  async answer({ query: { activity_id, since, until } }, { stores }) {
    const query = { activityId: activity_id, since: dateOf(since), until: dateOf(until) };
    return data(await learningNumbers.completionStats(stores, query));
  },
});

export const getTrends = defineRoute({
  method: 'GET',
  path: '/api/analytics/trends',
  operationId: 'getTrends',
  summary: 'A metric over time, and whether it changed',
  access: 'view_analytics',
  params: nothing,
  query: z.strictObject({
    period: z.enum(trendPeriods).default('7d'),
    metric: z.enum(trendMetrics).default('activity'),
    tz: timeZone,
  }),
  body: noBody,
  data: trendsData,
  answer: async ({ query }, { stores }) => data(await learningNumbers.trends(stores, query)),
});
