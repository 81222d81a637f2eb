import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listedDays, perDay, zeroFilled } from '../../../../functions/analytics/learning/daily-activity.ts';

const now = new Date('2026-11-08T15:00:00Z');
const tz = 'UTC';
const at = (text: string) => new Date(text);

describe('the days that an answer lists', () => {
  it('begin with the first statement and end today', () => {
    const days = listedDays({ tz, now }, at('2026-11-05T23:59:59Z'));
    expect(days).toEqual(['2026-11-05', '2026-11-06', '2026-11-07', '2026-11-08']);
  });

  it('begin with `since` and end before `until`, statements or not', () => {
    const window = { since: at('2026-10-01T10:00:00Z'), until: at('2026-10-03T00:00:00Z') };
    expect(listedDays({ ...window, tz, now }, null)).toEqual(['2026-10-01', '2026-10-02']);
  });

  it('are days of the time zone', () => {
    const window = { since: at('2026-10-01T22:30:00Z'), until: at('2026-10-02T22:00:00.001Z') };
    expect(listedDays({ ...window, tz: 'Europe/Berlin', now }, null)).toEqual(['2026-10-02', '2026-10-03']);
  });

  it('do not reach into the future', () => {
    expect(listedDays({ since: at('2026-11-08T00:00:00Z'), until: at('2030-01-01T00:00:00Z'), tz, now }, null)).toEqual(
      ['2026-11-08'],
    );
    expect(listedDays({ since: at('2026-11-09T00:00:00Z'), tz, now }, null)).toEqual([]);
  });

  it('are 3,660 at most, the last ones, whatever year a statement is of', () => {
    const days = listedDays({ tz, now }, at('0001-01-01T00:00:00Z'));
    expect(days).toHaveLength(3_660);
    expect(days.at(-1)).toBe('2026-11-08');
  });

  it('are days, whatever window is asked for', () => {
    const times = fc.option(fc.date({ min: at('-000001-01-01'), max: at('+010001-01-01'), noInvalidDate: true }), {
      nil: undefined,
    });
    const zones = fc.constantFrom('UTC', 'Pacific/Kiritimati', 'Pacific/Niue', 'Europe/Berlin');
    fc.assert(
      fc.property(times, times, times, zones, (since, until, first, zone) => {
        const days = listedDays({ since, until, tz: zone, now }, first ?? null);
        expect(days.length).toBeLessThanOrEqual(3_660);
        for (const day of days.slice(0, 2)) expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(JSON.stringify(perDay({ since, until, tz: zone, now }))).toMatch(
          /"gte":"\d{4}-\d\d-\d\d","lt":"\d{4}-\d\d-\d\d"/,
        );
      }),
    );
  });

  it('are none without statements and `since`', () => {
    expect(listedDays({ tz, now }, null)).toEqual([]);
  });
});

it('days without statements count 0, days that are not listed are left out', () => {
  const counts = [
    { key_as_string: '2026-11-06', doc_count: 3 },
    { key_as_string: '2026-11-09', doc_count: 7 },
  ];
  expect(zeroFilled(['2026-11-05', '2026-11-06'], counts)).toEqual([
    { date: '2026-11-05', count: 0 },
    { date: '2026-11-06', count: 3 },
  ]);
});
