import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import { type Access, rolesOf } from './access/access.ts';
import { type ProblemStatus, problemSchema, problemType } from './http/problem.ts';
import { filterNames, type Route } from './route.ts';

type OpenApiDocument = ReturnType<typeof createDocument>;

const meanings: Readonly<Record<ProblemStatus, string>> = {
  400: 'A parameter or the body is not as it must be; `errors` names the field',
  401: 'No token, or none that is valid',
  403: 'Another role or another person may see it',
  404: 'There is no such thing',
  405: 'Not with this method; `Allow` names those that there are',
  413: 'The body is too large',
  415: 'The body is not application/json',
  500: 'A defect; `request_id` finds it in the logs',
  503: 'A store does not answer now; `Retry-After` says when to come back',
};

/** The OpenAPI 3.1 document of some routes. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    operations[route.method.toLowerCase()] = operation(route);
    paths[route.path] = operations;
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'NLJ analytics',
      version: '1.0.0',
      description:
        'Numbers, statements, trainings and operations of the NLJ event platform. Times are ISO 8601; what is not known is null.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '../' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  });
}

function operation(route: Route) {
  const tag = route.path.split('/')[2] ?? 'api';
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: [route.description, `Access: ${accessText(route.access)}.`].filter(Boolean).join(' '),
    tags: [tag],
    security: route.access === 'public' ? [] : [{ bearer: [] }],
    requestParams: { path: route.params, query: route.query },
    ...(route.body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: Object.fromEntries(responses(route)),
  };
}

function responses(route: Route): [string, unknown][] {
  return [
    [
      String(route.success),
      {
        description: route.success === 202 ? 'Accepted' : 'The answer',
        content: { 'application/json': { schema: answerSchema(route) } },
        ...(route.conditional === true ? { headers: z.object({ ETag: z.string() }) } : {}),
      },
    ],
    ...(route.conditional === true
      ? [['304', { description: 'Nothing has changed since the state of `If-None-Match`' }] satisfies [string, unknown]]
      : []),
    ...problemStatuses(route).map((status): [string, unknown] => [
      String(status),
      { description: meanings[status], content: { [problemType]: { schema: problemSchema } } },
    ]),
  ];
}

/** Every problem that a route can answer with. */
export function problemStatuses(route: Route): ProblemStatus[] {
  const statuses = new Set<ProblemStatus>([...(route.also ?? []), 400, 500, 503]);
  if (route.access !== 'public') statuses.add(401);
  if (route.access !== 'public' && route.access !== 'signed-in') statuses.add(403);
  if (route.body !== null) for (const status of [413, 415] as const) statuses.add(status);
  return [...statuses].sort();
}

/** The body of a route's answer: its data in the envelope. */
export function answerSchema(route: Route): z.ZodType {
  if (route.envelope === 'raw') return route.data;
  const echoed = z.union([z.string(), z.number(), z.boolean()]).nullable();
  return z.strictObject({
    success: z.literal(true),
    data: route.data,
    filters: z.strictObject(Object.fromEntries(filterNames(route.query).map((name) => [name, echoed]))),
    generated_at: z.iso.datetime(),
  });
}

/** Who may call, in words: for the document and the table in docs/authorisation.md. */
export function accessText(access: Access): string {
  switch (access) {
    case 'public':
      return 'anyone';
    case 'signed-in':
      return 'any signed-in user';
    case 'self':
      return 'the learner himself or ADMIN';
    case 'owner':
      return 'whose it is or ADMIN';
    case 'dashboard':
      return 'the learner part: any signed-in user about himself; instructor: CREATOR, REVIEWER, APPROVER, ADMIN; admin: ADMIN';
    default: {
      const roles = rolesOf(access);
      return roles === 'any' ? 'any signed-in user' : roles.join(', ');
    }
  }
}
