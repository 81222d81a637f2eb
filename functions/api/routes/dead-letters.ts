import { z } from 'zod';
import { allTopics } from '../../../lib/catalogue.ts';
import { cursorOf, positionOf } from '../../operations/dead-letters/cursor.ts';
import { postgresDeadLetters } from '../../operations/dead-letters/dead-letter-table.ts';
import { deadLetterClasses } from '../../operations/dead-letters/request.ts';
import { waitingCounts } from '../../operations/dead-letters/waiting.ts';
import { cursorSeal } from '../http/cursor.ts';
import { cursor, limit, nothing } from '../http/parameters.ts';
import { data, defineRoute, noBody } from '../route.ts';

const [firstTopic = '', ...otherTopics] = allTopics.map(({ name }) => name);

export const listDeadLetters = defineRoute({
  method: 'GET',
  path: '/api/operations/dead-letters',
  operationId: 'listDeadLetters',
  summary: 'Dead letters that wait, by class and rule, without what was sent',
  access: 'manage_users',
  params: nothing,
  query: z.strictObject({
    class: z.enum(deadLetterClasses).optional(),
    topic: z.enum([firstTopic, ...otherTopics]).optional(),
    limit,
    cursor: cursor.optional(),
  }),
  body: noBody,
  data: z.strictObject({
    waiting: z
      .array(
        z.strictObject({
          class: z.string(),
          rule: z.string().nullable().describe('The first rule that a record breaks'),
          count: z.int().positive(),
        }),
      )
      .describe('Of all pages, the most frequent first'),
    dead_letters: z
      .array(
        z.strictObject({
          topic: z.string(),
          partition: z.int().nonnegative(),
          offset: z.int().nonnegative(),
          record_time: z.iso.datetime(),
          group: z.string(),
          class: z.string(),
          errors: z.array(
            z.strictObject({
              path: z.string(),
              rule: z.string(),
              requirement: z.string(),
              expected: z.string(),
              found: z.string(),
            }),
          ),
          attempts: z.int().positive(),
          first_seen: z.iso.datetime(),
          last_seen: z.iso.datetime(),
        }),
      )
      .describe('The oldest first'),
    count: z.int().nonnegative(),
    cursor: z.string().nullable().describe('For the next page; null at the end'),
  }),
  async answer({ query }, { stores, pepper }) {
    const { limit: size, cursor: given, ...filter } = query;
    const seal = cursorSeal(pepper, ['dead-letters', filter]);
    const after = seal.open(given, z.string());
    if (after !== null && typeof after !== 'string') return after;
    const [waiting, found] = await Promise.all([
      waitingCounts(stores.pool, filter),
      postgresDeadLetters(stores.pool).select(
        { filter, state: 'waiting', after: after === null ? undefined : positionOf(after) },
        size + 1,
      ),
    ]);
    const letters = found.slice(0, size);
    const last = letters.at(-1);
    return data({
      waiting,
      dead_letters: letters.map((letter) => ({
        topic: letter.topic,
        partition: letter.partition,
        offset: letter.offset,
        record_time: new Date(letter.timestamp).toISOString(),
        group: letter.group,
        class: letter.class,
        errors: letter.errors,
        attempts: letter.attempts,
        first_seen: letter.firstSeen,
        last_seen: letter.lastSeen,
      })),
      count: letters.length,
      cursor: found.length > size && last !== undefined ? seal.seal(cursorOf(last)) : null,
    });
  },
});
