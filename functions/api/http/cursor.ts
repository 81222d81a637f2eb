import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { Pepper } from '../../core/people/person.ts';
import { invalidRequest, type Problem } from './problem.ts';

/**
 * Cursors are sealed: `<what a reader needs, JSON in base64url>.<16 bytes of an HMAC over it and the list it belongs to>`. So a
 * reader gets back only what it gave out, for the same list.
 */
export interface CursorSeal {
  seal(position: unknown): string;
  /** The position, null without a cursor, or 400. */
  open<Schema extends z.ZodType>(cursor: string | undefined, schema: Schema): z.infer<Schema> | null | Problem;
}

/**
 * @param list what a list is of: the operation and everything that selects its rows. It goes in as a hash.
 */
export function cursorSeal({ secret }: Pepper, list: readonly unknown[]): CursorSeal {
  const scope = createHash('sha256').update(JSON.stringify(list)).digest('hex');
  const tagOf = (payload: string) =>
    createHmac('sha256', secret).update(`cursor|${scope}|${payload}`).digest().subarray(0, 16);
  const refused = () =>
    invalidRequest([{ field: 'cursor', message: 'is not of a page of this list: begin without one' }]);
  return {
    seal(position) {
      const payload = Buffer.from(JSON.stringify(position)).toString('base64url');
      return `${payload}.${tagOf(payload).toString('base64url')}`;
    },
    open(cursor, schema) {
      if (cursor === undefined) return null;
      const [payload = '', tag = ''] = cursor.split('.');
      const given = Buffer.from(tag, 'base64url');
      const right = tagOf(payload);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return refused();
      const parsed = schema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      return parsed.success ? parsed.data : refused();
    },
  };
}
