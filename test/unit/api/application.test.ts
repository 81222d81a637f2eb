import { errors } from '@opensearch-project/opensearch';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { limit, nothing } from '../../../functions/api/http/parameters.ts';
import { data, defineRoute, noBody, notFound } from '../../../functions/api/route.ts';
import { TransientError } from '../../../functions/core/errors.ts';
import { openApplication } from './support.ts';

const things = defineRoute({
  method: 'GET',
  path: '/api/things/{id}',
  operationId: 'getThing',
  summary: 'A thing',
  access: 'view_analytics',
  params: z.strictObject({ id: z.string().max(10) }),
  query: z.strictObject({ limit, kind: z.enum(['a', 'b']).optional() }),
  body: noBody,
  data: z.strictObject({ id: z.string(), limit: z.number() }),
  also: [404],
  async answer({ params, query }) {
    return params.id === 'none' ? notFound('thing') : data({ id: params.id, limit: query.limit });
  },
});

const search = defineRoute({
  method: 'POST',
  path: '/api/things/search',
  operationId: 'searchThings',
  summary: 'Things',
  access: 'manage_users',
  params: nothing,
  query: nothing,
  body: z.strictObject({ name: z.string().min(2), deep: z.strictObject({ size: z.int() }).optional() }),
  data: z.strictObject({ name: z.string() }),
  answer: async ({ body }) => data({ name: body.name }),
});

function failing(error: unknown) {
  return defineRoute({
    method: 'GET',
    path: '/api/fails',
    operationId: 'fail',
    summary: 'Fails',
    access: 'signed-in',
    params: nothing,
    query: nothing,
    body: noBody,
    data: z.strictObject({}),
    answer: () => Promise.reject(error),
  });
}

const { ask, lines } = openApplication({ routes: [things, search] });
const as = 'CREATOR:u1';

describe('an answer', () => {
  it('is in the envelope that the front end reads, with what it was asked by', async () => {
    const { status, body, headers } = await ask({ path: '/api/things/7', query: { limit: ['3'] }, as });
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      data: { id: '7', limit: 3 },
      filters: { limit: 3, kind: null },
      generated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(headers['Content-Type']).toBe('application/json');
    expect(headers['Cache-Control']).toBe('no-store');
  });

  it('has the security headers, also where it is a refusal', async () => {
    for (const path of ['/api/things/7', '/nowhere']) {
      expect((await ask({ path, as })).headers).toMatchObject({
        'X-Content-Type-Options': 'nosniff',
        'Strict-Transport-Security': expect.stringContaining('max-age='),
        'Content-Security-Policy': expect.stringContaining("default-src 'none'"),
      });
    }
  });

  it('that is not as its schema says is a defect where answers are checked', async () => {
    const wrong = defineRoute({ ...definition(), answer: async () => data(JSON.parse('{"id":7}')) });
    expect((await openApplication({ routes: [wrong] }).ask({ path: '/api/wrong', as })).status).toBe(500);
    const unchecked = openApplication({ routes: [wrong], checkAnswers: false });
    expect((await unchecked.ask({ path: '/api/wrong', as })).status).toBe(200);
  });
});

describe('a request that cannot be', () => {
  it.each<[string, Parameters<typeof ask>[0], number, unknown]>([
    ['an unknown path', { path: '/api/thing' }, 404, undefined],
    ['an unknown parameter', { path: '/api/things/7', query: { size: ['1'] } }, 400, ['size']],
    [
      'an unknown parameter with the name of a prototype',
      { path: '/api/things/7', query: JSON.parse('{"__proto__":["1"]}') },
      400,
      ['__proto__'],
    ],
    ['a repeated parameter', { path: '/api/things/7', query: { limit: ['1', '2'] } }, 400, ['limit']],
    ['a number that is none', { path: '/api/things/7', query: { limit: ['1e2'] } }, 400, ['limit']],
    ['a number out of range', { path: '/api/things/7', query: { limit: ['0'] } }, 400, ['limit']],
    ['a word that is not among them', { path: '/api/things/7', query: { kind: ['c'] } }, 400, ['kind']],
    ['several faults', { path: '/api/things/7', query: { kind: ['c'], x: ['1'] } }, 400, ['kind', 'x']],
    ['a bad path parameter', { path: '/api/things/12345678901' }, 400, ['id']],
    ['a path that is no UTF-8', { path: '/api/things/%E0%A4%A' }, 400, ['id']],
    ['a thing that does not exist', { path: '/api/things/none' }, 404, undefined],
  ])('%s', async (_, asked, status, fields) => {
    const { status: got, body, headers } = await ask({ as, ...asked });
    expect(got).toBe(status);
    expect(headers['Content-Type']).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'about:blank', status, detail: expect.any(String), request_id: 'r-1' });
    expect(body.errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it('names the methods that a path takes', async () => {
    const { status, headers } = await ask({ method: 'DELETE', path: '/api/things/search', as });
    expect(status).toBe(405);
    expect(headers['Allow']).toBe('POST, GET, OPTIONS');
  });

  it('never repeats what was sent', async () => {
    const secret = 'ann@example.com';
    const { text } = await ask({ path: '/api/things/7', query: { kind: [secret], limit: [secret] }, as });
    expect(text).not.toContain(secret);
  });
});

describe('a body', () => {
  const post = (body: string | null, type = 'application/json') =>
    ask({ method: 'POST', path: '/api/things/search', body, headers: { 'content-type': type }, as: 'ADMIN:u1' });

  it('is taken as JSON', async () => {
    expect((await post('{"name":"ab"}', 'application/json; charset=utf-8')).body.data).toEqual({ name: 'ab' });
  });

  it.each<[string, string | null, string, number, unknown]>([
    ['is missing', null, 'application/json', 400, ['body']],
    ['is no JSON', '{"name":', 'application/json', 400, ['body']],
    ['is of another type', '{"name":"ab"}', 'text/plain', 415, undefined],
    ['is too large', JSON.stringify({ name: 'x'.repeat(16_384) }), 'application/json', 413, undefined],
    ['lacks a member', '{}', 'application/json', 400, ['name']],
    ['has one too many', '{"name":"ab","age":1}', 'application/json', 400, ['age']],
    [
      'is wrong within',
      '{"name":"ab","deep":{"size":"x","more":1}}',
      'application/json',
      400,
      ['deep.size', 'deep.more'],
    ],
  ])('%s', async (_, text, type, status, fields) => {
    const { status: got, body } = await post(text, type);
    expect(got).toBe(status);
    expect(body.errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
  });
});

describe('the order of refusals', () => {
  it('is: path, token, role, request', async () => {
    expect((await ask({ path: '/nowhere' })).status).toBe(404);
    expect((await ask({ path: '/api/things/7', query: { x: ['1'] } })).status).toBe(401);
    expect((await ask({ path: '/api/things/7', query: { x: ['1'] }, as: 'PLAYER:u1' })).status).toBe(403);
    expect((await ask({ path: '/api/things/none', query: { x: ['1'] }, as })).status).toBe(400);
  });

  it('says how to authenticate', async () => {
    expect((await ask({ path: '/api/things/7' })).headers['WWW-Authenticate']).toBe('Bearer realm="nlj"');
    expect((await ask({ path: '/api/things/7', as: 'old' })).headers['WWW-Authenticate']).toBe(
      'Bearer realm="nlj", error="invalid_token", error_description="The token has expired"',
    );
  });

  it('is 503 where the keys of the issuer cannot be had', async () => {
    const { status, headers } = await ask({ path: '/api/things/7', as: 'down' });
    expect(status).toBe(503);
    expect(headers['Retry-After']).toBe('5');
  });
});

describe('a failure', () => {
  const secret = 'Key (email)=(ann@example.com) already exists';
  const refused = Object.assign(new pg.DatabaseError(secret, 1, 'error'), { code: '23505' });
  const shutdown = Object.assign(new pg.DatabaseError(secret, 1, 'error'), { code: '57P01' });

  it.each<[string, unknown, number]>([
    ['a defect', new Error(secret), 500],
    ['a refused query', refused, 500],
    ['a database that shuts down', shutdown, 503],
    ['a database that is not there', Object.assign(new Error(secret), { code: 'ECONNREFUSED' }), 503],
    ['a store that says so', new TransientError(secret), 503],
    ['an index that is not there', new errors.ConnectionError(secret), 503],
    ['what is no error', secret, 500],
  ])('%s', async (_, error, status) => {
    const application = openApplication({ routes: [failing(error)] });
    const { status: got, headers, text } = await application.ask({ path: '/api/fails', as });
    expect(got).toBe(status);
    expect(headers['Retry-After']).toBe(status === 503 ? '5' : undefined);
    expect(text + JSON.stringify(application.lines)).not.toContain('ann@');
    expect(application.lines).toMatchObject([{ route: 'GET /api/fails', status, requestId: 'r-1' }]);
  });

  it('of opening the stores is told, and tried again at the next request', async () => {
    let tries = 0;
    const application = openApplication({
      routes: [things],
      services: async () => {
        tries += 1;
        throw new TransientError('not yet');
      },
    });
    expect((await application.ask({ path: '/api/things/7', as })).status).toBe(503);
    expect((await application.ask({ path: '/api/things/7', as })).status).toBe(503);
    expect(tries).toBe(2);
  });
});

describe('the log', () => {
  it('has a line per request without what was asked', async () => {
    lines.length = 0;
    await ask({ path: '/api/things/secret-id', query: { kind: ['secret'] }, as: 'CREATOR:secret-user' });
    await ask({ path: '/secret', as });
    expect(lines).toEqual([
      { route: 'GET /api/things/{id}', status: 400, millis: expect.any(Number), requestId: 'r-1' },
      { route: 'none', status: 404, millis: expect.any(Number), requestId: 'r-1' },
    ]);
  });
});

describe('other origins', () => {
  const origin = (Origin: string) => ({ Origin, 'Access-Control-Request-Method': 'GET' });

  it('are answered only if the stage names them', async () => {
    const ours = await ask({ method: 'OPTIONS', path: '/api/things/7', headers: origin('https://app.nlj.example') });
    expect(ours.status).toBe(204);
    expect(ours.headers).toMatchObject({
      'Access-Control-Allow-Origin': 'https://app.nlj.example',
      'Access-Control-Allow-Headers': 'Authorization,Content-Type,If-None-Match',
      'Access-Control-Allow-Methods': 'GET,POST',
    });
    const theirs = await ask({ path: '/api/things/7', headers: origin('https://evil.example'), as });
    expect(theirs.headers['Access-Control-Allow-Origin']).toBeUndefined();
  });

  it('are none where the stage names none', async () => {
    const application = openApplication({ routes: [things], corsOrigins: [] });
    const { headers } = await application.ask({ path: '/api/things/7', headers: origin('https://evil.example'), as });
    expect(headers['Access-Control-Allow-Origin']).toBeUndefined();
  });
});

function definition() {
  return {
    method: 'GET',
    path: '/api/wrong',
    operationId: 'wrong',
    summary: 'Wrong',
    access: 'signed-in',
    params: nothing,
    query: nothing,
    body: noBody,
    data: z.strictObject({ id: z.string() }),
  } as const;
}
