import { Client } from '@opensearch-project/opensearch';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import pg from 'pg';
import type { TokenVerifier, Verdict } from '../../../functions/api/access/token.ts';
import { type ApplicationOptions, application, type RequestLine } from '../../../functions/api/application.ts';
import type { Services } from '../../../functions/api/services.ts';

export const pepper = { version: 1, secret: 'a pepper for tests, of no use elsewhere' };

/** Stores that answer nothing: for routes that do not get so far. */
export const services: Services = {
  stores: {
    pool: new pg.Pool({ host: '127.0.0.1', port: 1 }),
    search: new Client({ node: 'http://127.0.0.1:1', maxRetries: 0 }),
    now: () => new Date('2026-03-01T12:00:00Z'),
    anonymityThreshold: 5,
  },
  pepper,
  exports: {
    pool: new pg.Pool({ host: '127.0.0.1', port: 1 }),
    files: { link: () => Promise.reject(new Error('There is no bucket')) },
    invokeWorker: async () => undefined,
  },
};

/** A verifier for which the token is `<role>:<user>`. */
export const tokens: TokenVerifier = async (authorization): Promise<Verdict> => {
  const [, role = '', userId = ''] = /^Bearer (\w+):(.+)$/.exec(authorization ?? '') ?? [];
  if (authorization === undefined) return { kind: 'missing' };
  if (authorization === 'Bearer down') return { kind: 'unavailable' };
  const known = (['PLAYER', 'LEARNER', 'CREATOR', 'REVIEWER', 'APPROVER', 'ADMIN'] as const).find(
    (one) => one === role,
  );
  return known === undefined
    ? { kind: 'invalid', reason: 'The token has expired' }
    : { kind: 'valid', claims: { userId, role: known } };
};

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly as?: string;
}

export function event({ method = 'GET', path, query, headers = {}, body = null, as }: Asked): APIGatewayProxyEvent {
  const sent = { ...(as === undefined ? {} : { Authorization: `Bearer ${as}` }), ...headers };
  const event: Partial<APIGatewayProxyEvent> = {
    httpMethod: method,
    path,
    headers: sent,
    multiValueQueryStringParameters: query === undefined ? null : { ...query },
    body,
    isBase64Encoded: false,
  };
  // The rest of an event is of no interest to the application.
  return Object.assign(JSON.parse('{"requestContext":{"requestId":"r-1"}}'), event);
}

/** An application on given routes, with what it logged. */
export function openApplication(options: Pick<ApplicationOptions, 'routes'> & Partial<ApplicationOptions>) {
  const lines: RequestLine[] = [];
  const handler = application({
    verify: tokens,
    services: async () => services,
    corsOrigins: ['https://app.nlj.example'],
    checkAnswers: true,
    log: (line) => lines.push(line),
    ...options,
  });
  const context: Context = JSON.parse('{"awsRequestId":"lambda-1"}');
  return {
    lines,
    async ask(asked: Asked) {
      const result: APIGatewayProxyResult = await handler(event(asked), {
        ...context,
        getRemainingTimeInMillis: () => 29_000,
        done: () => undefined,
        fail: () => undefined,
        succeed: () => undefined,
      });
      return {
        status: result.statusCode,
        headers: result.headers ?? {},
        body: result.body ? JSON.parse(result.body) : null,
        text: result.body ?? '',
      };
    },
  };
}
