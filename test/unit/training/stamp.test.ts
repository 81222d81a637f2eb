import { describe, expect, it } from 'vitest';
import { assign, instant, minutesAfter, stampOf } from '../../../functions/training/stamp.ts';

it('an instant is UTC with microseconds, cut', () => {
  expect(instant('2026-03-01T10:00:00.1234567+02:00')).toBe('2026-03-01T08:00:00.123456Z');
  expect(instant('2026-03-01T08:00:00Z')).toBe('2026-03-01T08:00:00.000000Z');
});

it('minutes are added without losing finer digits, and not beyond the calendar', () => {
  expect(minutesAfter('2026-03-01T08:00:00.123456Z', 90)).toBe('2026-03-01T09:30:00.123456Z');
  expect(minutesAfter('9999-12-31T23:00:00.000000Z', 120)).toBe('9999-12-31T23:59:59.999999Z');
});

describe('assign', () => {
  const stamp = (minute: number, id: string) => stampOf({ id, timestamp: `2026-03-01T08:0${minute}:00Z` });
  const row = assign({ a: 1, b: 1, set_by: {} }, { a: 2 }, stamp(1, 'x'));

  it('sets what is mentioned', () => expect(row).toMatchObject({ a: 2, b: 1, set_by: { a: stamp(1, 'x') } }));
  it('keeps what a later statement set', () => expect(assign(row, { a: 3 }, stamp(0, 'z'))).toBe(row));
  it('sets what only earlier statements set', () => expect(assign(row, { a: 3 }, stamp(2, 'a')).a).toBe(3));
  it('decides by id at equal times', () => {
    expect(assign(row, { a: 3 }, stamp(1, 'y')).a).toBe(3);
    expect(assign(row, { a: 3 }, stamp(1, 'w')).a).toBe(2);
  });
});
