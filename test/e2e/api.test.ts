import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { routes } from '../../functions/api/routes/index.ts';
import { localAws } from '../../localstack/deploy.ts';
import { type Api, conforms, openApi, openWorld, type World } from './support/api.ts';
import { openRun, type Run } from './support/run.ts';

let run: Run;
let api: Api;
let world: World;
let admin: string;
let learner: string;
beforeAll(async () => {
  run = await openRun();
  api = openApi(run.environment);
  world = await openWorld(run);
  admin = await api.token('ADMIN');
  learner = await api.token('LEARNER', world.own.user);
});
afterAll(() => run.close());

const dataOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }) =>
  z.looseObject({}).parse(body['data']);
const listed = z.object({
  statements: z.array(z.object({ id: z.string(), event: z.string(), statement: z.looseObject({}) })),
  cursor: z.string().nullable(),
});

describe('the document', () => {
  it('is served, valid, and of every route', async () => {
    const { status, body } = await api.ask('/api/openapi.json');
    expect(status).toBe(200);
    expect((await new Validator().validate(JSON.parse(JSON.stringify(body)))).valid).toBe(true);
    expect(Object.keys(Object(body['paths']))).toHaveLength(new Set(routes.map(({ path }) => path)).size);
  });
});

it('answers before the first statement has come, too', () => {
  const answers = inject('answersOfNothing');
  expect(Object.keys(answers).length).toBeGreaterThan(5);
  for (const [path, status] of Object.entries(answers)) expect(status, path).toBe(200);
});

describe('health and freshness', () => {
  it('asks each part', async () => {
    const got = await api.ask('/api/analytics/health', { token: admin });
    conforms('getHealth', got);
    expect(dataOf(got)).toMatchObject({ search: { status: 'operational' }, database: { status: 'operational' } });
  });

  it('answers 304 as long as nothing changes, and another tag once something has', async () => {
    const ask = (headers = {}) => api.ask('/api/analytics/freshness', { token: learner, headers });
    const first = await ask();
    conforms('getFreshness', first);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect((await ask()).text).toBe(first.text);
    const second = await ask({ 'If-None-Match': `"x", ${etag}` });
    expect([second.status, second.text, second.headers.get('etag')]).toEqual([304, '', etag]);
    await run.sender.send([
      { topic: 'xapi-events', key: null, value: Buffer.from(JSON.stringify(statementOf(world.own.user))) },
    ]);
    await run.settled();
    await run.indexed([]);
    const third = await ask({ 'If-None-Match': etag });
    expect(third.status).toBe(200);
    expect(third.headers.get('etag')).not.toBe(etag);
  });
});

function statementOf(user: string) {
  return {
    actor: { account: { homePage: 'http://nlj.platform', name: user }, name: 'Somebody Else' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/experienced' },
    object: { id: world.activity },
    timestamp: new Date().toISOString(),
  };
}

describe("a learner's statements", () => {
  const path = (who: string, query = '') => `/api/analytics/learner/${who}/statements${query}`;

  it('are whole to himself, his survey answers too', async () => {
    const got = await api.ask(path('me'), { token: learner });
    conforms('listLearnerStatements', got);
    expect(dataOf(got)).toMatchObject({ redacted: false, cursor: null });
    expect(got.text).toContain('"response":"secret"');
    expect(listed.parse(dataOf(got)).statements.map(({ event }) => event)).toContain('survey.answered');
  });

  it('are redacted to an ADMIN, without what is about surveys', async () => {
    const got = await api.ask(path(world.own.user), { token: admin });
    conforms('listLearnerStatements', got);
    expect(dataOf(got)).toMatchObject({ redacted: true });
    expect(listed.parse(dataOf(got)).statements.length).toBeGreaterThan(3);
    expect(got.text).not.toMatch(/secret|Somebody Else|survey/);
    expect(got.text).not.toContain(world.own.user);
  });

  it('come page by page, each once, in the order of the whole list', async () => {
    const whole = listed.parse(dataOf(await api.ask(path('me'), { token: learner }))).statements.map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = cursor === '' ? '?limit=2' : `?limit=2&cursor=${cursor}`;
      const page = listed.parse(dataOf(await api.ask(path('me', query), { token: learner })));
      seen.push(...page.statements.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(seen).toEqual(whole);
  });

  it("are not read on with another list's cursor", async () => {
    const { cursor } = listed.parse(dataOf(await api.ask(path('me', '?limit=1'), { token: learner })));
    const got = await api.ask(path(world.others.user, `?limit=1&cursor=${cursor}`), { token: admin });
    expect(got.status).toBe(400);
    expect(got.body['errors']).toMatchObject([{ field: 'cursor' }]);
  });
});

describe('self-access by every name (original: analytics.py:622,703, never equal)', () => {
  it('me, the user id and the agent key are the same learner', async () => {
    const me = await api.ask('/api/analytics/learner/me', { token: learner });
    conforms('getLearner', me);
    const { agent_key, ...numbers } = z.looseObject({ agent_key: z.string() }).parse(dataOf(me));
    expect(numbers).toMatchObject({ learner_name: 'Somebody Else', total_activities: expect.any(Number) });
    for (const name of [world.own.user, agent_key]) {
      expect(dataOf(await api.ask(`/api/analytics/learner/${name}`, { token: learner }))).toEqual(dataOf(me));
    }
  });

  it('a learner opens his own dashboard (original: 403)', async () => {
    const got = await api.ask('/api/analytics/dashboard', { token: learner });
    conforms('getDashboard', got);
    expect(dataOf(got)).toMatchObject({
      role: 'learner',
      platform_overview: null,
      learner_analytics: expect.anything(),
    });
  });
});

describe('search', () => {
  it('finds learners by name, with the user id for the other routes', async () => {
    const asked = { method: 'POST', token: admin, body: { name: 'somebody else' } };
    const got = await api.ask('/api/analytics/learners/search', asked);
    conforms('searchLearners', got);
    expect(got.text).not.toContain('@');
    expect(Number(dataOf(got)['count'])).toBeGreaterThan(0);
  });
});

describe('trainings, generations and dead letters', () => {
  it('have the availability and the real status', async () => {
    const session = await api.ask(`/api/training/sessions/${world.session}`, { token: learner });
    expect(dataOf(session)).toMatchObject({ capacity: 1, confirmed: 1, waitlist: 1, available: 0 });
    const mine = dataOf(await api.ask(`/api/training/bookings/${world.own.booking}`, { token: learner }));
    const theirs = dataOf(await api.ask(`/api/training/bookings/${world.others.booking}`, { token: admin }));
    expect([mine['status'], theirs['status']].sort()).toEqual(['confirmed', 'waitlist']);
    const generation = await api.ask(`/api/generation/sessions/${world.own.generation}`, { token: learner });
    expect(dataOf(generation)).toMatchObject({ session_id: world.own.generation, status: 'requested', error: null });
  });

  it('list sessions page by page', async () => {
    const ids: unknown[] = [];
    let cursor: unknown = '';
    while (cursor !== null) {
      const got = await api.ask(`/api/training/sessions?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`, {
        token: learner,
      });
      conforms('listTrainingSessions', got);
      const page = z
        .object({ sessions: z.array(z.object({ id: z.string() })), cursor: z.string().nullable() })
        .parse(dataOf(got));
      ids.push(...page.sessions.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(ids).toContain(world.session);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tell what waits by class and rule, without what was sent', async () => {
    const got = await api.ask('/api/operations/dead-letters?class=undecodable&limit=1', { token: admin });
    conforms('listDeadLetters', got);
    expect(dataOf(got)).toMatchObject({ count: 1 });
    expect(got.text).not.toMatch(/secret|object_?key|bucket/i);
  });
});

describe('the log of the function', () => {
  it('names no learner, activity, survey or parameter', async () => {
    await api.ask(`/api/analytics/learner/${world.own.user}?since=2026-01-01`, { token: admin });
    const client = new CloudWatchLogsClient({ endpoint: run.environment.endpoints.aws, ...localAws });
    const lines: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new FilterLogEventsCommand({ logGroupName: '/aws/lambda/nlj-events-local-api', nextToken }),
      );
      lines.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    client.destroy();
    const text = lines.join('\n');
    expect(text).toContain('GET /api/analytics/learner/{learner}');
    for (const secret of [
      world.own.user,
      world.others.user,
      world.activity,
      world.survey,
      '2026-01-01',
      'Somebody',
      '@',
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

it('what is wrong with a request is said through the gateway too', async () => {
  const get = (path: string) => api.ask(path, { token: admin });
  expect((await get('/api/analytics/overview?limit=1')).body['errors']).toMatchObject([{ field: 'limit' }]);
  expect((await get('/api/analytics/overview?since=a&since=b')).body['errors']).toMatchObject([{ field: 'since' }]);
  expect((await get('/api/analytics/overview?tz=Mars/Base')).body['errors']).toMatchObject([{ field: 'tz' }]);
  expect((await get('/nowhere')).status).toBe(404);
  const wrong = await api.ask('/api/analytics/overview', { method: 'DELETE', token: admin });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
  const large = { method: 'POST', token: admin, body: { name: 'x'.repeat(20_000) } };
  expect((await api.ask('/api/analytics/learners/search', large)).status).toBe(413);
});
