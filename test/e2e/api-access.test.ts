import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, attempts, isPersonal, verdictOf } from '../../bin/docs/authorisation.ts';
import type { Role } from '../../functions/api/access/role.ts';
import type { Route } from '../../functions/api/route.ts';
import { routes } from '../../functions/api/routes/index.ts';
import { type Api, type Asked, conforms, openApi, openWorld, type World } from './support/api.ts';
import { openRun, type Run } from './support/run.ts';

let run: Run;
let api: Api;
let world: World;
let exportId: string;
beforeAll(async () => {
  run = await openRun();
  api = openApi(run.environment);
  world = await openWorld(run);
  const token = await api.token('ADMIN', world.own.user);
  const { body } = await api.ask('/api/analytics/exports', { method: 'POST', token, body: exportRequest });
  exportId = String(Object(body['data']).id);
});
afterAll(() => run.close());

const exportRequest = { format: 'json', data_type: 'overview' };

/** Requests that a route answers with what it has, of the caller's own or of another. */
function requestOf({ operationId, path }: Route, whose: 'own' | 'other', role: Role): readonly [string, Asked] {
  const subject = whose === 'own' ? world.own : world.others;
  const ids: Readonly<Record<string, string>> = {
    getTrainingSession: world.session,
    getTrainingBooking: subject.booking,
    getGenerationSession: subject.generation,
    getExport: exportId,
  };
  const filled = path
    .replace('{learner}', subject.user)
    .replace('{qid}', 'q1')
    .replace('{category}', 'all')
    .replace('{id}', path.startsWith('/api/surveys/') ? world.survey : (ids[operationId] ?? ''));
  const activity = `activity_id=${encodeURIComponent(world.activity)}`;
  const queries: Readonly<Record<string, string>> = {
    getActivity: activity,
    listActivityStatements: activity,
    // The other part: one that is for a higher role, or for ADMIN a lower one.
    ...(whose === 'other'
      ? { getDashboard: `role=${role === 'PLAYER' || role === 'LEARNER' || role === 'ADMIN' ? 'instructor' : 'admin'}` }
      : {}),
  };
  const bodies: Readonly<Record<string, unknown>> = { searchLearners: { name: 'else' }, createExport: exportRequest };
  const query = queries[operationId];
  const body = bodies[operationId];
  return [query === undefined ? filled : `${filled}?${query}`, body === undefined ? {} : { method: 'POST', body }];
}

async function verdict(route: Route, attempt: Attempt) {
  const role = attempt.kind === 'caller' ? attempt.role : 'ADMIN';
  const [path, asked] = requestOf(route, attempt.kind === 'caller' ? attempt.whose : 'own', role);
  const token =
    attempt.kind === 'caller' ? await api.token(attempt.role, world.own.user) : await api.badToken(attempt.token);
  const got = await api.ask(path, { ...asked, token });
  conforms(route.operationId, got);
  expect(got.headers.get('www-authenticate') !== null).toBe(got.status === 401);
  return got.status === route.success ? 'ok' : got.status;
}

const wordOf = (attempt: Attempt) =>
  attempt.kind === 'caller' ? `${attempt.role} ${attempt.whose}` : `token: ${attempt.token}`;

describe('each cell of docs/authorisation.md', () => {
  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (_, route) => {
    const cells = attempts.filter(
      (attempt) => attempt.kind !== 'caller' || attempt.whose === 'own' || isPersonal(route.access),
    );
    const got = await pMap(cells, async (attempt) => [wordOf(attempt), await verdict(route, attempt)], {
      concurrency: 4,
    });
    expect(got).toEqual(cells.map((attempt) => [wordOf(attempt), verdictOf(route.access, attempt)]));
  });
});

describe('what does not exist', () => {
  const nobody = '5a1c0000-0000-4000-8000-ffffffffffff';
  const paths = [
    `/api/analytics/learner/${nobody}`,
    `/api/analytics/learner/${nobody}/statements`,
    `/api/training/bookings/${nobody}`,
    `/api/generation/sessions/${nobody}`,
  ];

  it.each(paths)('%s is 404 to an ADMIN, and to others the same 403 as what is not theirs', async (path) => {
    expect((await api.ask(path, { token: await api.token('ADMIN') })).status).toBe(404);
    const token = await api.token('CREATOR', world.own.user);
    const unknown = await api.ask(path, { token });
    const foreign = await api.ask(
      path.replace(
        nobody,
        path.includes('/learner/')
          ? world.others.user
          : path.includes('bookings')
            ? world.others.booking
            : world.others.generation,
      ),
      { token },
    );
    const told = ({ status, body }: typeof unknown) => [status, body['detail']];
    expect(told(unknown)).toEqual(told(foreign));
    expect(unknown.status).toBe(403);
  });
});
