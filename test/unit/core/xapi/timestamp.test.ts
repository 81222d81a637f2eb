import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalTimestamp, isTimestamp, rfc3339Timestamp } from '../../../../functions/core/xapi/timestamp.ts';
import { timestamp } from './support/arbitrary.ts';

describe('timestamps', () => {
  it.each([
    ['2025-08-14T09:30:00Z', '2025-08-14T09:30:00Z'],
    ['2025-08-14T09:30:00', '2025-08-14T09:30:00Z'],
    ['2025-08-14T09:30:00.000000+00:00', '2025-08-14T09:30:00.000000Z'],
    ['2025-08-14T09:30:00+02', '2025-08-14T07:30:00Z'],
    ['2025-08-14T09:30:00+0530', '2025-08-14T04:00:00Z'],
    ['2025-08-14T00:30:00,5-01:00', '2025-08-14T01:30:00.5Z'],
    ['20250814T093000Z', '2025-08-14T09:30:00Z'],
    ['20250814T0930+0200', '2025-08-14T07:30:00Z'],
    ['2025-08-14T09:30Z', '2025-08-14T09:30:00Z'],
    ['2025-08-14t09:30:00z', '2025-08-14T09:30:00Z'],
    ['2025-08-14T24:00:00Z', '2025-08-15T00:00:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['2016-12-31T15:59:60.5-08:00', '2017-01-01T00:00:00.5Z'],
    ['2025-08-14T09:30:00.1234567891Z', '2025-08-14T09:30:00.123456789Z'],
  ])('stores %s as %s', (sent, stored) => {
    expect(isTimestamp(sent)).toBe(true);
    expect(rfc3339Timestamp(sent)).toBe(stored);
  });

  it.each([
    '',
    '2025-08-14',
    '2025-08-14 09:30:00Z',
    '2025-08-14T09:30:00-00:00',
    '2025-08-14T09:30:00-0000',
    '2025-08-14T09:30:00-00',
    '2025-08-14T09:30:00+24:00',
    '2025-08-14T09:30:00+01:60',
    '2025-02-29T00:00:00Z',
    '2025-04-31T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-00-01T00:00:00Z',
    '2025-08-00T00:00:00Z',
    '2025-08-14T25:00:00Z',
    '2025-08-14T24:00:01Z',
    '2025-08-14T09:60:00Z',
    '2025-08-14T09:30:61Z',
    '2025-08-14T09:30:60Z',
    '2016-12-31T23:59:60+01:00',
    '2025-08-14T09:30:00.Z',
    '2025-08-14T09:30:00ZZ',
    '2025-0814T09:30:00Z',
    '01/011/2015',
    '1755163800000',
    '-0001-01-01T00:00:00Z',
    '0000-01-01T00:00:00+01:00',
  ])('refuses %j', (text) => {
    expect(isTimestamp(text)).toBe(false);
    expect(() => rfc3339Timestamp(text)).toThrow(RangeError);
  });

  it('stores a notation that reads as the same moment, and keeps it', () => {
    fc.assert(
      fc.property(timestamp, (sent) => {
        const stored = rfc3339Timestamp(sent);
        expect(rfc3339Timestamp(stored)).toBe(stored);
        expect(canonicalTimestamp(stored)).toBe(canonicalTimestamp(sent));
        expect(stored).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
        expect(Number.isNaN(Date.parse(stored))).toBe(false);
      }),
    );
  });

  it('compares moments, not notations', () => {
    expect(canonicalTimestamp('2025-08-14T11:30:00.500+02:00')).toBe(canonicalTimestamp('2025-08-14T09:30:00.5Z'));
    expect(canonicalTimestamp('2025-08-14T09:30:00.5Z')).not.toBe(canonicalTimestamp('2025-08-14T09:30:00.501Z'));
  });
});
