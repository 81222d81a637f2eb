import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalHash,
  comparisonForm,
  isJsonObject,
  type JsonObject,
  receivedHash,
} from '../../../../functions/core/xapi/index.ts';
import { rfc3339Timestamp } from '../../../../functions/core/xapi/timestamp.ts';
import { completeStatement } from './support/arbitrary.ts';
import { parsed, statementWith, stored } from './support/statements.ts';

const sent = { timestampAssigned: false };

function areEqual(left: JsonObject, right: JsonObject): boolean {
  return canonicalHash(stored(left), sent).equals(canonicalHash(stored(right), sent));
}

const group = (...names: readonly string[]) => ({
  objectType: 'Group',
  member: names.map((name) => ({ mbox: `mailto:${name}@b.example` })),
});
const activity = (definition?: unknown) => ({
  id: 'http://a.example',
  ...(definition === undefined ? {} : { definition }),
});
const attachment = {
  usageType: 'http://u.example',
  display: { en: 'A' },
  contentType: 'text/plain',
  length: 3,
  sha2: 'a',
};

describe('statement comparison (Part 2, 2.3.1)', () => {
  it.each([
    ['authority', { authority: { mbox: 'mailto:x@y.example' } }, {}],
    ['stored', { stored: '2025-01-01T00:00:00Z' }, {}],
    ['version', { version: '1.0.3' }, { version: '1.0.0' }],
    ['verb.display', { verb: { id: 'a:b', display: { en: 'x' } } }, { verb: { id: 'a:b' } }],
    ['activity definitions', { object: activity({ name: { en: 'x' } }) }, { object: activity() }],
    [
      'definitions of context activities',
      { context: { contextActivities: { other: [activity({})] } } },
      { context: { contextActivities: { other: [activity()] } } },
    ],
    [
      'single or array',
      { context: { contextActivities: { other: activity() } } },
      { context: { contextActivities: { other: [activity()] } } },
    ],
    ['the order of group members', { actor: group('a', 'b', 'c') }, { actor: group('c', 'a', 'b') }],
    ['the order of a team', { context: { team: group('a', 'b') } }, { context: { team: group('b', 'a') } }],
    [
      'the notation of a timestamp',
      { timestamp: '2025-08-14T11:30:00.500+02:00' },
      { timestamp: '2025-08-14T09:30:00,5' },
    ],
    [
      'the letter case of a uuid',
      { context: { registration: '5A1C0000-0000-4000-8000-000000000001' } },
      { context: { registration: '5a1c0000-0000-4000-8000-000000000001' } },
    ],
    [
      'the letter case of a mail domain',
      { actor: { mbox: 'mailto:a@B.example' } },
      { actor: { mbox: 'mailto:a@b.example' } },
    ],
    [
      "an attachment's fileUrl",
      { attachments: [{ ...attachment, fileUrl: 'http://f.example' }] },
      { attachments: [attachment] },
    ],
    [
      'the notation of a number',
      { result: parsed('{"score":{"raw":1.0,"min":-0}}') },
      { result: parsed('{"score":{"raw":1,"min":0}}') },
    ],
  ])('%s makes no difference', (_what, left, right) => {
    expect(areEqual(statementWith(left), statementWith(right))).toBe(true);
  });

  it.each([
    ['the verb', { verb: { id: 'a:b' } }, { verb: { id: 'a:c' } }],
    ['a millisecond', { timestamp: '2025-08-14T09:30:00.001Z' }, {}],
    ['the notation of a duration', { result: { duration: 'PT60S' } }, { result: { duration: 'PT1M' } }],
    [
      'the local part of an address',
      { actor: { mbox: 'mailto:A@b.example' } },
      { actor: { mbox: 'mailto:a@b.example' } },
    ],
    [
      'the order of context activities',
      { context: { contextActivities: { other: [activity(), { id: 'a:b' }] } } },
      { context: { contextActivities: { other: [{ id: 'a:b' }, activity()] } } },
    ],
    ['a group member more', { actor: group('a', 'a') }, { actor: group('a') }],
    [
      'an extension',
      { context: { extensions: { 'http://e.example': '\uD800' } } },
      { context: { extensions: { 'http://e.example': '\uD801' } } },
    ],
    ['U+0000', { result: { response: 'a\u0000' } }, { result: { response: 'a' } }],
    [
      '__proto__ in an extension',
      { context: { extensions: { 'http://e.example': parsed('{"__proto__":1}') } } },
      { context: { extensions: { 'http://e.example': {} } } },
    ],
    ['an absent objectType', { object: { ...activity(), objectType: 'Activity' } }, { object: activity() }],
    ["an attachment's hash", { attachments: [attachment] }, { attachments: [{ ...attachment, sha2: 'b' }] }],
    [
      'a number as text',
      { context: { extensions: { 'http://e.example': 1 } } },
      { context: { extensions: { 'http://e.example': '1' } } },
    ],
  ])('%s makes a difference', (_what, left, right) => {
    expect(areEqual(statementWith(left), statementWith(right))).toBe(false);
  });

  it('holds in SubStatements', () => {
    const sub = (more: object) => ({
      object: { objectType: 'SubStatement', actor: group('a', 'b'), verb: { id: 'a:b' }, object: activity(), ...more },
    });
    const other = sub({ actor: group('b', 'a'), verb: { id: 'a:b', display: { en: 'x' } }, object: activity({}) });
    expect(areEqual(statementWith(sub({})), statementWith(other))).toBe(true);
    expect(areEqual(statementWith(sub({})), statementWith(sub({ timestamp: '2025-01-01T00:00:00Z' })))).toBe(false);
  });

  it('a missing timestamp equals only a missing one', () => {
    const first = stored(statementWith({ timestamp: '2025-01-01T00:00:00Z' }));
    const second = stored(statementWith({ timestamp: '2025-01-02T00:00:00Z' }));
    const assigned = { timestampAssigned: true };
    expect(canonicalHash(first, assigned)).toEqual(canonicalHash(second, assigned));
    expect(canonicalHash(first, assigned)).not.toEqual(canonicalHash(first, sent));
  });

  it('gives the same hash for every order of keys', () => {
    fc.assert(
      fc.property(completeStatement, (made) => {
        expect(areEqual(made, reordered(made))).toBe(true);
        expect(receivedHash(reordered(made))).toEqual(receivedHash(made));
      }),
    );
  });

  it('is the same of every notation of a statement, taken three at a time', () => {
    fc.assert(
      fc.property(completeStatement, fc.array(fc.nat(notations.length - 1), { maxLength: 6 }), (made, chosen) => {
        const other = chosen.reduce<JsonObject>((value, index) => notations[index]?.(value) ?? value, made);
        const third = notations.reduce<JsonObject>((value, notation) => notation(value), made);
        expect(areEqual(made, other)).toBe(true);
        expect(areEqual(other, third)).toBe(true);
        expect(areEqual(made, third)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is not of a statement and one that says something else', () => {
    const changes: readonly ((value: JsonObject) => JsonObject)[] = [
      (value) => ({ ...value, verb: { id: 'http://other.example/verb' } }),
      (value) => ({ ...value, actor: { mbox: 'mailto:nobody-else@other.example' } }),
      (value) => ({ ...value, result: { response: 'said by nobody else' } }),
      (value) => ({ ...value, timestamp: '0001-07-07T07:07:07.007Z' }),
      (value) => ({ ...value, id: 'ffffffff-0000-4000-8000-00000000000f' }),
    ];
    fc.assert(
      fc.property(completeStatement, fc.constantFrom(...changes), (made, change) => {
        expect(areEqual(made, change(made))).toBe(false);
      }),
    );
  });

  it('is an equivalence that hash and form agree on', () => {
    fc.assert(
      fc.property(completeStatement, completeStatement, (left, right) => {
        const [one, two] = [comparisonForm(stored(left), sent), comparisonForm(stored(right), sent)];
        const sameForm = JSON.stringify(reordered(one)) === JSON.stringify(reordered(two));
        expect(areEqual(left, right)).toBe(sameForm);
        expect(areEqual(right, left)).toBe(sameForm);
        expect(areEqual(left, left)).toBe(true);
      }),
    );
  });

  it('is the same of a statement and of its stored form, and leaves both as they are', () => {
    fc.assert(
      fc.property(completeStatement, (made) => {
        const form = stored(made);
        const before = JSON.stringify(form);
        expect(canonicalHash(form, sent)).toEqual(canonicalHash(stored(form), sent));
        expect(JSON.stringify(form)).toBe(before);
      }),
    );
  });
});

describe('receivedHash', () => {
  it('leaves delivery metadata out, and nothing else', () => {
    const value = statementWith();
    expect(
      receivedHash({ ...value, event_id: '1', producer_id: 'x', producer_timestamp: 1, event_type: null }),
    ).toEqual(receivedHash(value));
    expect(receivedHash({ ...value, stored: '2025-01-01T00:00:00Z' })).not.toEqual(receivedHash(value));
    expect(receivedHash(statementWith({ actor: parsed('{"__proto__":1}') }))).not.toEqual(
      receivedHash(statementWith({ actor: {} })),
    );
  });

  it('is SHA-256', () => {
    expect(receivedHash({})).toHaveLength(32);
  });
});

/** Ways to write a statement that make no difference. */
const notations: readonly ((value: JsonObject) => JsonObject)[] = [
  reordered,
  (value) => ({ ...value, timestamp: inAnotherOffset(String(value['timestamp'])) }),
  (value) => ({
    ...value,
    version: '1.0.7',
    stored: '2025-01-01T00:00:00Z',
    authority: { mbox: 'mailto:x@y.example' },
  }),
  (value) => ({ ...value, verb: { ...objectOf(value['verb']), display: { en: 'another' } } }),
  (value) => ({ ...value, id: String(value['id']).toUpperCase() }),
  (value) => {
    const member = objectOf(value['actor'])['member'];
    return Array.isArray(member)
      ? { ...value, actor: { ...objectOf(value['actor']), member: member.toReversed() } }
      : value;
  },
  (value) => {
    const lists = objectOf(objectOf(value['context'])['contextActivities']);
    const arrays = Object.entries(lists).map(([key, list]) => [key, Array.isArray(list) ? list : [list]] as const);
    if (arrays.length === 0) return value;
    return { ...value, context: { ...objectOf(value['context']), contextActivities: Object.fromEntries(arrays) } };
  },
  (value) => {
    const about = objectOf(value['object']);
    const isActivity = (about['objectType'] ?? 'Activity') === 'Activity';
    return isActivity ? { ...value, object: { ...about, definition: { name: { en: 'another' } } } } : value;
  },
];

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The same point in time by the clock of another offset. */
function inAnotherOffset(timestamp: string): string {
  const [whole = '', fraction = ''] = rfc3339Timestamp(timestamp).replace('Z', '').split('.');
  const shifted = new Date(Date.parse(`${whole}Z`) + 5.5 * 3_600_000).toISOString().slice(0, 19);
  return `${shifted}${fraction === '' ? '' : `,${fraction}000`}+0530`;
}

/** The same value with every object's keys in another order; `__proto__` stays a member. */
function reordered<Value>(value: Value): Value;
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => reordered(item));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? 1 : -1));
  return Object.fromEntries(entries.map(([key, item]) => [key, reordered(item)]));
}
