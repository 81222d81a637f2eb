import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { routes } from '../../../functions/api/routes/index.ts';
import { openApplication } from './support.ts';

const { ask } = openApplication({ routes });

describe('the document', () => {
  it('is valid OpenAPI 3.1 and is served to anyone', async () => {
    const { status, body } = await ask({ path: '/api/openapi.json' });
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    const { valid, errors } = await new Validator().validate(body);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('describes every route with all that it can answer', async () => {
    const { paths } = (await ask({ path: '/api/openapi.json' })).body;
    for (const { method, path, access, success, body } of routes) {
      const operation = paths[path][method.toLowerCase()];
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining([String(success), '400', '500', '503']));
      expect(operation.responses['401'] !== undefined).toBe(access !== 'public');
      expect(operation.requestBody !== undefined).toBe(body !== null);
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation.parameters ?? []).filter((parameter: { in: string }) => parameter.in === 'path');
      expect(described.map(({ name }: { name: string }) => name).sort()).toEqual(names.sort());
    }
  });

  it('has an operation id for each route, and each once', () => {
    expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length);
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
  });
});

describe('defects of the original (original-system.md 7.5)', () => {
  it('every parameter is known or refused: none is ignored (api/analytics.py:108,326,466)', async () => {
    for (const route of routes) {
      const path = route.path.replaceAll(/\{\w+\}/g, '5a1c0000-0000-4000-8000-000000000001');
      const { status, body } = await ask({
        method: route.method,
        path,
        query: { ignored: ['1'] },
        body: route.body === null ? null : '{}',
        headers: { 'Content-Type': 'application/json' },
        as: 'ADMIN:u1',
      });
      expect([route.path, status]).toEqual([route.path, 400]);
      expect(body.errors).toContainEqual({ field: 'ignored', message: 'is not known here' });
    }
  });

  it('dates are checked, not passed on (a bad value was a 500)', async () => {
    for (const since of [
      'yesterday',
      '2026-02-30',
      '2026-03-01T10:00:00',
      '1',
      '{"match_all":{}}',
      '9999-12-31T23:00:00-02:00',
      '0001-01-01T00:00:00+01:00',
      '0000-06-01',
    ]) {
      const path = '/api/analytics/learner/me/statements';
      const { status, body } = await ask({ path, query: { since: [since] }, as: 'LEARNER:u1' });
      expect([since, status]).toEqual([since, 400]);
      expect(body.errors[0].field).toBe('since');
    }
  });

  it('self-access: a learner reaches his own and nobody else, also by his user id (api/analytics.py:622,703)', async () => {
    const self = await ask({ path: '/api/analytics/learner/u1/statements', as: 'LEARNER:u1' });
    // He gets as far as the store, which is not there.
    expect(self.status).toBe(503);
    expect((await ask({ path: '/api/analytics/learner/u2/statements', as: 'LEARNER:u1' })).status).toBe(403);
    expect((await ask({ path: '/api/analytics/learner/u2/statements', as: 'CREATOR:u1' })).status).toBe(403);
  });

  it('an answer never holds the text of an exception', async () => {
    const { status, text } = await ask({ path: '/api/training/sessions', as: 'LEARNER:u1' });
    expect(status).toBe(503);
    expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|connect/);
  });

  it('text that a store does not take is refused before it gets there', async () => {
    const paths = ['/api/surveys/a%00b/stats', '/api/analytics/learner/a%00b', '/api/analytics/top-performers/%00'];
    for (const path of paths) expect([path, (await ask({ path, as: 'ADMIN:u1' })).status]).toEqual([path, 400]);
    const found = await ask({
      method: 'POST',
      path: '/api/analytics/learners/search',
      body: '{"name":"a\\u0000b"}',
      headers: { 'Content-Type': 'application/json' },
      as: 'ADMIN:u1',
    });
    expect(found.status).toBe(400);
  });

  it('an e-mail in a path is refused with the way to search', async () => {
    const { status, body } = await ask({ path: '/api/analytics/learner/ann%40example.com/statements', as: 'ADMIN:u1' });
    expect(status).toBe(400);
    expect(body.errors[0].message).toContain('/api/analytics/learners/search');
    expect(JSON.stringify(body)).not.toContain('ann');
  });
});
