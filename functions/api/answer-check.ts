import type { z } from 'zod';
import { answerSchema } from './openapi.ts';
import type { Route } from './route.ts';

/** An answer that is not as its schema says. It names places in it, never values. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code: string;

  constructor(route: Route, places: readonly string[]) {
    super(`${route.operationId} answers otherwise than its schema says: ${places.join(', ')}`);
    this.code = places.join(' ');
  }
}

/** Places that are named, at most. */
const named = 5;

const schemas = new WeakMap<Route, z.ZodType>();

/** Holds an answer against what the document says of it. @throws AnswerError */
export function checkAnswer(route: Route, body: unknown): void {
  const schema = schemas.get(route) ?? answerSchema(route);
  schemas.set(route, schema);
  const parsed = schema.safeParse(body);
  if (parsed.success) return;
  throw new AnswerError(
    route,
    parsed.error.issues.slice(0, named).map(({ path, code }) => `${path.map(String).join('.')}:${code}`),
  );
}
