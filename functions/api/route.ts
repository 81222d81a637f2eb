import { z } from 'zod';
import { type Access, forbidden, maySee } from './access/access.ts';
import { learnerKey } from './access/learner.ts';
import type { Caller } from './access/role.ts';
import { type Problem, type ProblemStatus, problem } from './http/problem.ts';
import { parseBody, parseNothing, parseParams, parseQuery, type RawRequest } from './http/request.ts';
import type { Services } from './services.ts';

export type Method = 'GET' | 'POST';

/** What a route answers when nothing is wrong. */
export interface Answer<Data> {
  readonly kind: 'data';
  readonly data: Data;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: now. */
  readonly generatedAt?: string;
}

/** What became of a call: an answer, a refusal, or 304 for what the caller has already. */
export type Outcome<Data = unknown> =
  | Answer<Data>
  | Problem
  | { readonly kind: 'not-modified'; readonly headers: Readonly<Record<string, string>> };

export function data<Data>(value: Data, more: Omit<Answer<Data>, 'kind' | 'data'> = {}): Answer<Data> {
  return { kind: 'data', data: value, ...more };
}

/** A call whose every part has been checked. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RouteDefinition<Params, Query, Body, Data> {
  readonly method: Method;
  /** Such as `/api/analytics/learner/{learner}`. With access `self` its parameter `learner` is whose it is. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params: z.ZodType<Params>;
  readonly query: z.ZodObject & z.ZodType<Query>;
  /** `noBody` where there is none. */
  readonly body: z.ZodType<Body>;
  readonly data: z.ZodType<Data>;
  /** Default 200. */
  readonly success?: 200 | 202;
  /** Statuses besides those that follow from access and parameters: 404 of what may not exist. */
  readonly also?: readonly ProblemStatus[];
  /** Answers 304 to `If-None-Match`. */
  readonly conditional?: true;
  answer(call: Call<Params, Query, Body>, services: Services): Promise<Outcome<Data>>;
}

/** A raw call: the request and who makes it. */
export interface Exchange {
  readonly request: RawRequest;
  /** Null on public routes alone. */
  readonly caller: Caller | null;
  readonly services: Services;
}

/** The outcome of a route, with what its envelope echoes of the query. */
export interface Handled {
  readonly outcome: Outcome;
  readonly filters: Readonly<Record<string, unknown>>;
}

/** A route as the application, the document and the tests use it. */
export interface Route
  extends Pick<
    RouteDefinition<unknown, unknown, unknown, unknown>,
    'method' | 'path' | 'operationId' | 'summary' | 'description' | 'access' | 'also' | 'conditional'
  > {
  readonly params: z.ZodType;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
  readonly data: z.ZodType;
  readonly success: 200 | 202;
  /** `raw`: data is the whole body. */
  readonly envelope: 'analytics' | 'raw';
  handle(exchange: Exchange): Promise<Handled>;
}

/** A route of the API from its one definition. */
export function defineRoute<Params, Query, Body, Data>(definition: RouteDefinition<Params, Query, Body, Data>): Route {
  const { method, path, operationId, summary, access, params, query, body, success = 200, answer } = definition;
  return {
    method,
    path,
    operationId,
    summary,
    access,
    params,
    query,
    body: takesBody(body) ? body : null,
    data: definition.data,
    success,
    envelope: 'analytics',
    ...(definition.description === undefined ? {} : { description: definition.description }),
    ...(definition.also === undefined ? {} : { also: definition.also }),
    ...(definition.conditional === undefined ? {} : { conditional: definition.conditional }),
    async handle({ request, caller, services }) {
      if (caller === null) throw new Error(`${operationId} was called without a caller`);
      const named = parseParams(params, request);
      if (named.kind === 'problem') return refused(named);
      if (access === 'self' && !isOwn(named.value, caller, services)) return refused(forbidden());
      const asked = parseQuery(query, request);
      if (asked.kind === 'problem') return refused(asked);
      const sent = takesBody(body) ? parseBody(body, request) : parseNothing(body);
      if (sent.kind === 'problem') return refused(sent);
      const call = { params: named.value, query: asked.value, body: sent.value, caller, headers: request.headers };
      return { outcome: await answer(call, services), filters: filtersOf(query, asked.value) };
    },
  };
}

/** The body of a route that takes none. */
export const noBody = z.undefined();

function takesBody(schema: z.ZodType): boolean {
  return !(schema instanceof z.ZodUndefined);
}

const learnerParameter = z.object({ learner: z.string() });

function isOwn(params: unknown, caller: Caller, { pepper }: Services): boolean {
  const { learner } = learnerParameter.parse(params);
  return maySee(caller, learnerKey(learner, caller, pepper));
}

function refused(outcome: Problem): Handled {
  return { outcome, filters: {} };
}

/** Names of the query that the envelope does not echo: where one is in a list, not what is asked for. */
const position = 'cursor';

/** What the answer was made by: each parameter of the query, null where it was left out. */
function filtersOf(schema: z.ZodObject, query: unknown): Readonly<Record<string, unknown>> {
  const given = new Map(Object.entries(query ?? {}));
  return Object.fromEntries(filterNames(schema).map((name) => [name, given.get(name) ?? null]));
}

export function filterNames(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape).filter((name) => name !== position);
}

export function notFound(what: string): Problem {
  return problem(404, `There is no such ${what}`);
}
