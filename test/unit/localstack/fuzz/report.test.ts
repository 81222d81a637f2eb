import { expect, it } from 'vitest';
import { withExamples } from '../../../../localstack/fuzz/document.ts';
import { readReport } from '../../../../localstack/fuzz/report.ts';

const scenario = (id: string, status: number, headers: Record<string, string[]>, checks: readonly unknown[]) =>
  JSON.stringify({
    ScenarioFinished: {
      recorder: {
        label: 'GET /api/x',
        checks: { [id]: checks },
        interactions: {
          [id]: { request: { method: 'GET', uri: 'http://x/api/x' }, response: { status_code: status, headers } },
        },
      },
    },
  });
const failed = { name: 'not_a_server_error', status: 'failure', failure_info: { failure: { title: 'Server error' } } };
const passed = { name: 'not_a_server_error', status: 'success' };
const ours = { 'content-security-policy': ['x'] };

it('counts answers, and tells findings from what the emulation answered by itself', () => {
  const report = readReport([
    '{"EngineStarted":{}}',
    '{"ScenarioFinished":{"recorder":{"label":"GET /api/x"}}}',
    scenario('a', 200, ours, [passed]),
    scenario('b', 500, ours, [failed, passed]),
    scenario('c', 502, {}, [failed]),
    '{"NonFatalError":{"label":"GET /api/x","info":"Connection aborted. Remote end closed connection"}}',
    '{"NonFatalError":{"label":"GET /api/x","info":"a defect of the document"}}',
  ]);
  expect(report.requests).toBe(3);
  expect([...report.statuses]).toEqual([
    [200, 1],
    [500, 1],
    [502, 1],
  ]);
  expect(report.findings).toMatchObject([
    { operation: 'GET /api/x', check: 'not_a_server_error', status: 500, request: 'GET http://x/api/x' },
    { check: 'error', status: null },
  ]);
  expect(report.apart).toMatchObject([{ status: 502 }, { check: 'error' }]);
});

it('gives parameters the ids of things that there are', () => {
  const get = (operationId: string, name: string) => ({ get: { operationId, parameters: [{ name, in: 'path' }] } });
  const document = {
    paths: { '/api/a/{id}': get('a', 'id'), '/api/surveys/{id}/stats': get('s', 'id'), '/api/b/{id}': get('b', 'id') },
  };
  const text = JSON.stringify(withExamples(document, { 'a.id': 'A', 'surveys.id': 'S' }));
  expect(text).toContain('"examples":{"real":{"value":"A"}}');
  expect(text).toContain('"examples":{"real":{"value":"S"}}');
  expect(text.match(/"real"/g)).toHaveLength(2);
});
