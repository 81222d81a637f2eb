import middy from '@middy/core';
import httpCors from '@middy/http-cors';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { forbidden, mayCall } from './access/access.ts';
import { authenticate } from './access/authenticate.ts';
import type { Caller } from './access/role.ts';
import type { TokenVerifier } from './access/token.ts';
import { checkAnswer } from './answer-check.ts';
import { failureOf } from './failure.ts';
import { jsonReply, problemReply, type Reply } from './http/reply.ts';
import { rawRequest } from './http/request.ts';
import { type Match, router } from './http/router.ts';
import type { Handled, Route } from './route.ts';
import type { Services } from './services.ts';

export interface ApplicationOptions {
  readonly routes: readonly Route[];
  readonly verify: TokenVerifier;
  /** Opens the stores; called at the first request, and again until it succeeds. */
  readonly services: () => Promise<Services>;
  /** Origins whose pages may read the answers. */
  readonly corsOrigins: readonly string[];
  /** Answers that are not as their schema says are a 500: for tests and small stages. */
  readonly checkAnswers: boolean;
  readonly log: (line: RequestLine) => void;
}

/** One line per request: nothing of its path, parameters, body or caller. */
export interface RequestLine {
  /** `GET /api/analytics/learner/{learner}`, or `none`. */
  readonly route: string;
  readonly status: number;
  readonly millis: number;
  /** The gateway's, which its access log has too. */
  readonly requestId: string;
  readonly [more: string]: unknown;
}

/** Seconds for which a browser need not ask again whether it may call. */
const preflightSeconds = 600;

/** The API's handler: CORS and security headers around a router, whose routes refuse and answer by value. */
export function application(options: ApplicationOptions) {
  const { routes, corsOrigins, log } = options;
  const match = router(routes);
  let opened: Services | null = null;
  const open = async () => {
    opened ??= await options.services();
    return opened;
  };
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(
      httpSecurityHeaders({
        contentSecurityPolicy: { 'default-src': "'none'" },
        // Whether another origin's page may read an answer is for CORS to say.
        crossOriginResourcePolicy: { policy: 'cross-origin' },
      }),
    )
    .use(
      httpCors({
        origins: [...corsOrigins],
        // With no origin at all the middleware would let every page read the answers.
        ...(corsOrigins.length === 0 ? { getOrigin: () => null } : {}),
        headers: 'Authorization,Content-Type,If-None-Match',
        methods: [...new Set(routes.map(({ method }) => method))].join(','),
        exposeHeaders: 'ETag,Retry-After,WWW-Authenticate',
        maxAge: preflightSeconds,
        disableBeforePreflightResponse: false,
      }),
    )
    .handler(async (event, context) => {
      const started = performance.now();
      const requestId = requestIdOf(event, context);
      const matched = match(event.httpMethod, event.path);
      const { reply, more } = await replyTo(matched, event, requestId, { ...options, open });
      log({
        route: matched.kind === 'route' ? `${matched.route.method} ${matched.route.path}` : 'none',
        status: reply.statusCode,
        millis: Math.round(performance.now() - started),
        requestId,
        ...more,
      });
      const { statusCode, headers, body } = reply;
      return { statusCode, headers: { ...headers }, body };
    });
}

function requestIdOf({ requestContext }: APIGatewayProxyEvent, { awsRequestId }: Context): string {
  return requestContext.requestId || awsRequestId;
}

type Opened = Pick<ApplicationOptions, 'verify' | 'checkAnswers'> & { readonly open: () => Promise<Services> };

interface Logged {
  readonly reply: Reply;
  readonly more: Readonly<Record<string, unknown>>;
}

async function replyTo(match: Match, event: APIGatewayProxyEvent, requestId: string, options: Opened): Promise<Logged> {
  if (match.kind === 'problem') return { reply: problemReply(match, requestId), more: {} };
  try {
    const handled = await handle(match, event, options);
    return { reply: replyOf(match.route, handled, requestId, options.checkAnswers), more: {} };
  } catch (error) {
    const { problem, log } = failureOf(error);
    return { reply: problemReply(problem, requestId), more: log };
  }
}

async function handle(
  { route, params }: Extract<Match, { kind: 'route' }>,
  event: APIGatewayProxyEvent,
  { open, verify }: Opened,
): Promise<Handled> {
  const request = rawRequest(event, params);
  const services = await open();
  let caller: Caller | null = null;
  if (route.access !== 'public') {
    const authenticated = await authenticate(request.headers['authorization'], verify, services.pepper);
    if (authenticated.kind === 'problem') return { outcome: authenticated, filters: {} };
    caller = authenticated.caller;
    if (!mayCall(route.access, caller)) return { outcome: forbidden(), filters: {} };
  }
  return route.handle({ request, caller, services });
}

function replyOf(route: Route, { outcome, filters }: Handled, requestId: string, check: boolean): Reply {
  switch (outcome.kind) {
    case 'problem':
      return problemReply(outcome, requestId);
    case 'not-modified':
      return { statusCode: 304, headers: { 'Cache-Control': 'no-cache', ...outcome.headers }, body: '' };
    case 'data': {
      const { data, headers, generatedAt = new Date().toISOString() } = outcome;
      const body = route.envelope === 'raw' ? data : { success: true, data, filters, generated_at: generatedAt };
      if (check) checkAnswer(route, body);
      return jsonReply(route.success, body, headers);
    }
  }
}
