import { describe, expect, it } from 'vitest';
import { cursorOf, positionOf } from '../../../../functions/operations/dead-letters/cursor.ts';
import { requestSchema } from '../../../../functions/operations/dead-letters/request.ts';
import { conditionsOf } from '../../../../functions/operations/dead-letters/where.ts';

const accepts = (request: unknown) => requestSchema.safeParse(request).success;

describe('a request', () => {
  it('is one of six, with defaults that change nothing by accident', () => {
    expect(requestSchema.parse({ action: 'list' })).toEqual({ action: 'list', filter: {}, limit: 100 });
    expect(requestSchema.parse({ action: 'show', record: { topic: 't', partition: 0, offset: 1 } })).toMatchObject({
      bytes: false,
    });
    expect(accepts({ action: 'delete' })).toBe(false);
    expect(accepts({ action: 'list', filter: { klass: 'invalid' } })).toBe(false);
    expect(accepts({ action: 'list', filter: { since: 'yesterday' } })).toBe(false);
  });

  it('to discard names what and why', () => {
    expect(accepts({ action: 'discard', filter: {}, reason: 'r' })).toBe(false);
    expect(accepts({ action: 'discard', filter: { class: 'invalid' }, reason: ' ' })).toBe(false);
    expect(accepts({ action: 'discard', filter: { class: 'invalid' }, reason: 'a test of a producer' })).toBe(true);
  });
});

describe('a cursor', () => {
  const position = {
    firstSeen: '2026-03-01T10:00:00.123456Z',
    cluster: 'arn:a',
    topic: 'xapi-events',
    partition: 3,
    offset: 42,
    timestamp: 1_770_000_000_123,
  };

  it('gives back its position', () => expect(positionOf(cursorOf(position))).toEqual(position));

  it('that is none is refused with what to do', () => expect(() => positionOf('x')).toThrow('hand back "next"'));
});

describe('conditions', () => {
  it('hold every value as a parameter', () => {
    const { text, values } = conditionsOf({
      filter: {
        class: 'invalid',
        rule: "x' or true --",
        topic: 'xapi-events',
        group: 'learning',
        since: '2026-03-01T00:00:00Z',
        until: '2026-04-01T00:00:00Z',
        record: { topic: 'xapi-events', partition: 1, offset: 2, timestamp: 3 },
      },
      state: 'waiting',
    });
    expect(text).not.toContain('or true');
    expect([...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number))).toEqual(
      values.map((_, index) => index + 1),
    );
  });

  it('are none for an empty filter', () => expect(conditionsOf({ filter: {} })).toEqual({ text: 'true', values: [] }));
});
