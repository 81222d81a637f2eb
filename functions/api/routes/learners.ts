import { z } from 'zod';
import { largestSearch, readLearner, searchLearners } from '../../analytics/learners/people.ts';
import { learnerData } from '../../analytics/learning/contract.ts';
import { learningNumbers } from '../../analytics/learning/index.ts';
import { learnerKey, learnerName } from '../access/learner.ts';
import { cursor, instant, limit, nothing, text } from '../http/parameters.ts';
import { timeZone } from '../http/time-zone.ts';
import { dateOf } from '../http/window.ts';
import { data, defineRoute, noBody, notFound } from '../route.ts';
import { listStatements, statementList } from './statement-list.ts';

const email = text(3, 320).regex(/@/, 'must be an e-mail').trim();
const name = text(2, 200).trim();

export const learnersSearch = defineRoute({
  method: 'POST',
  path: '/api/analytics/learners/search',
  operationId: 'searchLearners',
  summary: 'Learners by e-mail or name',
  description: `At most ${largestSearch}. The address is in the body: it does not belong in URLs, which are logged.`,
  access: 'manage_users',
  params: nothing,
  query: nothing,
  body: z
    .union([z.strictObject({ email }), z.strictObject({ name })], { error: 'must have either email or name' })
    .meta({ examples: [{ name: 'ann' }] }),
  data: z.strictObject({
    learners: z.array(
      z.strictObject({
        user_id: z.string().nullable().describe('Null for who is known by a mailbox alone'),
        agent_key: z.string(),
        name: z.string().nullable(),
      }),
    ),
    count: z.int().nonnegative(),
  }),
  async answer({ body }, { stores }) {
    const found = await searchLearners(stores.pool, body);
    return data({
      learners: found.map(({ user_id, agent_key, name: known }) => ({ user_id, agent_key, name: known })),
      count: found.length,
    });
  },
});

export const getLearner = defineRoute({
  method: 'GET',
  path: '/api/analytics/learner/{learner}',
  operationId: 'getLearner',
  summary: "A learner's numbers",
  access: 'self',
  params: z.strictObject({ learner: learnerName }),
  query: z.strictObject({ since: instant.optional(), tz: timeZone }),
  body: noBody,
  data: learnerData.extend({
    agent_key: z.string(),
    learner_email: z.string().nullable().describe('Null where nobody has told it'),
    learner_name: z.string().nullable().describe('Null where nobody has told it'),
  }),
  also: [404],
  async answer({ params, query: { since, tz }, caller }, { stores, pepper }) {
    const asked = learnerKey(params.learner, caller, pepper);
    const known = await readLearner(stores.pool, asked);
    if (known === null && asked !== caller.agentKey) return notFound('learner');
    const agentKey = known?.agent_key ?? asked;
    const numbers = await learningNumbers.learner(stores, { learner: agentKey, since: dateOf(since), tz });
    return data({
      agent_key: agentKey,
      learner_email: known?.email ?? null,
      learner_name: known?.name ?? null,
      ...numbers,
    });
  },
});

export const learnerStatements = defineRoute({
  method: 'GET',
  path: '/api/analytics/learner/{learner}/statements',
  operationId: 'listLearnerStatements',
  summary: "A learner's statements, newest first",
  description:
    'To the learner himself whole, and those about surveys too; to others redacted. Pages are of the state at the first one: each statement is on one of them, whatever arrives meanwhile. Voided and erased statements are not listed. since and until are about timestamps.',
  access: 'self',
  params: z.strictObject({ learner: learnerName }),
  query: z.strictObject({
    since: instant.optional(),
    until: instant.optional(),
    limit,
    cursor: cursor.optional(),
  }),
  body: noBody,
  data: statementList,
  also: [404],
  async answer({ params, query, caller }, services) {
    const { since, until, ...page } = query;
    const asked = learnerKey(params.learner, caller, services.pepper);
    const self = asked === caller.agentKey;
    const known = await readLearner(services.stores.pool, asked);
    if (known === null && !self) return notFound('learner');
    const agentKey = known?.agent_key ?? asked;
    const listed = await listStatements(
      services,
      { of: { kind: 'learner', agentKey }, since, until, surveys: self },
      page,
      self ? 'self' : 'other',
    );
    return 'kind' in listed ? listed : data(listed);
  },
});
