import { z } from 'zod';
import { performancePeriods, topPerformersData } from '../../analytics/learning/contract.ts';
import { learningNumbers } from '../../analytics/learning/index.ts';
import { nothing, text, wholeNumber } from '../http/parameters.ts';
import { data, defineRoute, noBody } from '../route.ts';
import type { Services } from '../services.ts';

const query = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100, default: 50 }),
  time_period: z.enum(performancePeriods).default('90d'),
});

async function answer(asked: z.infer<typeof query>, category: string | undefined, { stores }: Services) {
  const { limit, time_period: period } = asked;
  return data(await learningNumbers.topPerformers(stores, { limit, period, category }));
}

export const getTopPerformers = defineRoute({
  method: 'GET',
  path: '/api/analytics/top-performers',
  operationId: 'getTopPerformers',
  summary: 'Learners by rank, with what it is made of',
  access: 'view_analytics',
  params: nothing,
  query,
  body: noBody,
  data: topPerformersData,
  answer: (call, services) => answer(call.query, undefined, services),
});

export const getTopPerformersOf = defineRoute({
  method: 'GET',
  path: '/api/analytics/top-performers/{category}',
  operationId: 'getTopPerformersOfCategory',
  summary: 'Learners by rank in a category, or in all',
  access: 'view_analytics',
  params: z.strictObject({
    category: text(1, 200).meta({ description: '`all` for every one', examples: ['all'] }),
  }),
  query,
  body: noBody,
  data: topPerformersData,
  answer: (call, services) => answer(call.query, call.params.category, services),
});
