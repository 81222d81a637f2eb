import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { z } from 'zod';
import { type FieldFault, invalidRequest, type Problem, problem } from './problem.ts';

/** What a route reads of an event: raw, nothing established. */
export interface RawRequest {
  /** Path parameters as they stand in the path, percent-encoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Every value of each query parameter. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

export type Parsed<T> = { readonly kind: 'parsed'; readonly value: T } | Problem;

/** Bytes of a request body, at most; the gateway itself takes 10 MB. */
export const largestBody = 16 * 1024;

type RequestEvent = Pick<
  APIGatewayProxyEvent,
  'headers' | 'multiValueQueryStringParameters' | 'body' | 'isBase64Encoded'
>;

export function rawRequest(event: RequestEvent, params: Readonly<Record<string, string>>): RawRequest {
  const given = Object.entries(event.multiValueQueryStringParameters ?? {});
  const query = Object.fromEntries(given.map(([name, values = []]) => [name, values]));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  const body = event.body === null ? null : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  return { params, query, headers, body };
}

/** Path parameters, decoded and checked. */
export function parseParams<Schema extends z.ZodType>(schema: Schema, raw: RawRequest): Parsed<z.infer<Schema>> {
  const decoded: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.params)) {
    const text = decode(value);
    if (text === null) return invalidRequest([{ field: name, message: 'is not percent-encoded UTF-8' }]);
    decoded[name] = text;
  }
  return parse(schema, decoded, 'path');
}

/** Query parameters: each once, none that is unknown. */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, raw: RawRequest): Parsed<z.infer<Schema>> {
  const repeated = Object.entries(raw.query).filter(([, values]) => values.length > 1);
  if (repeated.length > 0) {
    return invalidRequest(repeated.map(([field]) => ({ field, message: 'is given more than once' })));
  }
  return parse(schema, Object.fromEntries(Object.entries(raw.query).map(([name, [value]]) => [name, value])), 'query');
}

const jsonType = /^application\/json[ \t]*(?:;|$)/i;

/** A JSON body: 415 for another type, 413 if it is too large, 400 if it is not JSON or not as it must be. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, raw: RawRequest): Parsed<z.infer<Schema>> {
  if (raw.body !== null && raw.body.length > largestBody) {
    return problem(413, `The body must not be larger than ${largestBody} bytes`);
  }
  if (raw.body === null || raw.body.length === 0) return invalidRequest([{ field: 'body', message: 'is missing' }]);
  if (!jsonType.test(raw.headers['content-type'] ?? '')) {
    return problem(415, 'The body must be application/json', { headers: { Accept: 'application/json' } });
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw.body));
  } catch {
    return invalidRequest([{ field: 'body', message: 'is not JSON' }]);
  }
  return parse(schema, value, 'body');
}

/** The body of a route that takes none: whatever was sent is not looked at. */
export function parseNothing<Schema extends z.ZodType>(schema: Schema): Parsed<z.infer<Schema>> {
  return parse(schema, undefined, 'body');
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, part: string): Parsed<z.infer<Schema>> {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { kind: 'parsed', value: parsed.data }
    : invalidRequest(parsed.error.issues.flatMap((issue) => faultsOf(issue, part)));
}

/** A message says what is expected; zod's own never quote a value. */
function faultsOf(issue: z.core.$ZodIssue, part: string): FieldFault[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: path === '' ? key : `${path}.${key}`, message: 'is not known here' }));
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ field: path || part, message: missing ? 'is missing' : issue.message }];
}
