import { z } from 'zod';

/** A part of a request that is not as it must be. */
export interface FieldFault {
  /** Name of the parameter or path in the body, such as `limit`; `body` for the body as a whole. */
  readonly field: string;
  /** What is expected; never what was sent. */
  readonly message: string;
}

/** A refusal as a value (RFC 9457). `detail` is for people and holds no exception's text. */
export interface Problem {
  readonly kind: 'problem';
  readonly status: ProblemStatus;
  readonly detail: string;
  readonly errors?: readonly FieldFault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Every status that a problem may have, with its title. */
export const problemTitles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;
export type ProblemStatus = keyof typeof problemTitles;

export const problemType = 'application/problem+json';

/** The body of a problem. */
export const problemSchema = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.enum(Object.values(problemTitles)),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
    /** Of the request, to find its line in the logs. */
    request_id: z.string(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export function problem(
  status: ProblemStatus,
  detail: string,
  more: Pick<Problem, 'errors' | 'headers'> = {},
): Problem {
  return { kind: 'problem', status, detail, ...more };
}

/** 400 for parts of a request. */
export function invalidRequest(errors: readonly FieldFault[]): Problem {
  return problem(400, errors.map(({ field, message }) => `${field}: ${message}`).join('; '), { errors });
}

/** Seconds after which a store that is down is worth asking again. */
const retryAfterSeconds = 5;

/** 503: something that the answer needs does not work now. */
export function unavailable(what: string): Problem {
  return problem(503, `${what} does not answer now; try again later`, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}
