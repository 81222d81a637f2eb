import { expect, it } from 'vitest';
import { routes } from '../../../functions/api/routes/index.ts';
import { exampleOf, type Subjects } from '../../../localstack/bench-api/examples.ts';
import { replay, type StoreRequest, underWay } from '../../../localstack/bench-api/wire.ts';

const subjects: Subjects = {
  learner: 'user-1',
  activityId: 'http://nlj.platform/activities/1?a=b',
  survey: 'survey-1',
  question: 'q001',
  session: '5a1c0000-0000-4000-8000-00000000012d',
  booking: '5a1c0000-0000-4000-8000-00000000012e',
  generation: '5a1c0000-0000-4000-8000-00000000012f',
};

it('has a request that is valid for each route that reads, from its definition', () => {
  const without = routes.filter((route) => exampleOf(route, subjects) === null).map(({ operationId }) => operationId);
  // What changes something, what is nobody's, and an export, of which there is none.
  expect(without.sort()).toEqual(['createExport', 'getDocument', 'getExport']);
  for (const route of routes) {
    const example = exampleOf(route, subjects);
    if (example === null) continue;
    expect(route.query.safeParse(example.query).success, route.operationId).toBe(true);
    expect(example.path).not.toMatch(/[{}]/);
    if (route.body !== null) expect(route.body.safeParse(JSON.parse(example.body ?? '')).success).toBe(true);
  }
});

it('sends again together what was under way together, and the rest one after the other', async () => {
  const events: string[] = [];
  const request = (name: string, began: number, ended: number): StoreRequest => ({
    began,
    ended,
    send: async () => {
      events.push(`${name} sent`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} answered`);
    },
  });
  await replay([request('a', 0, 10), request('b', 5, 20), request('c', 20, 30)]);
  expect(events).toEqual(['a sent', 'b sent', 'a answered', 'b answered', 'c sent', 'c answered']);
});

it('takes time in which two requests were under way once', () => {
  const request = (began: number, ended: number): StoreRequest => ({ began, ended, send: async () => undefined });
  expect(underWay([])).toBe(0);
  expect(underWay([request(0, 10), request(5, 20), request(6, 8), request(30, 35)])).toBe(25);
});
