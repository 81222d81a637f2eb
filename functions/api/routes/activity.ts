import { z } from 'zod';
import { activityData } from '../../analytics/learning/contract.ts';
import { learningNumbers } from '../../analytics/learning/index.ts';
import { activityId, cursor, instant, limit, nothing } from '../http/parameters.ts';
import { dateOf } from '../http/window.ts';
import { data, defineRoute, noBody } from '../route.ts';
import { listStatements, statementList } from './statement-list.ts';

export const getActivity = defineRoute({
  method: 'GET',
  path: '/api/analytics/activity',
  operationId: 'getActivity',
  summary: 'Numbers of an activity',
  description: 'An activity that nobody has touched has zeros and nulls.',
  access: 'view_analytics',
  params: nothing,
  query: z.strictObject({ activity_id: activityId, since: instant.optional() }),
  body: noBody,
  data: activityData,
  async answer({ query: { activity_id, since } }, { stores }) {
    return data(await learningNumbers.activity(stores, { activityId: activity_id, since: dateOf(since) }));
  },
});

export const activityStatements = defineRoute({
  method: 'GET',
  path: '/api/analytics/activity/statements',
  operationId: 'listActivityStatements',
  summary: "An activity's statements, redacted, newest first",
  description:
    'Without any about surveys, whoever asks. Pages are of the state at the first one. An activity that nobody has touched has none.',
  access: 'view_analytics',
  params: nothing,
  query: z.strictObject({ activity_id: activityId, since: instant.optional(), limit, cursor: cursor.optional() }),
  body: noBody,
  data: statementList,
  async answer({ query }, services) {
    const { activity_id, since, ...page } = query;
    const filter = { of: { kind: 'activity', activityId: activity_id }, since, surveys: false } as const;
    const listed = await listStatements(services, filter, page, 'other');
    return 'kind' in listed ? listed : data(listed);
  },
});
