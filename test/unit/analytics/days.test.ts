import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, daysFrom, inOrder, plusDays, startOf } from '../../../functions/analytics/days.ts';
import { canonicalTimeZone } from '../../../functions/analytics/time-zone.ts';

const hours = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 3_600_000;

describe('days of a time zone', () => {
  it.each([
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', 23],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', 25],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', 25],
    ['2026-04-05', 'Australia/Lord_Howe', '2026-04-04T13:00:00.000Z', 24.5],
    ['2026-06-01', 'Asia/Kolkata', '2026-05-31T18:30:00.000Z', 24],
    // Clocks skipped midnight: the day began at one o'clock.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 23],
    // Clocks went back at midnight, to the day before.
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z', 24],
    ['2026-06-01', 'UTC', '2026-06-01T00:00:00.000Z', 24],
  ])('%s in %s begins at %s and lasts %d hours', (day, tz, start, length) => {
    expect(startOf(day, tz).toISOString()).toBe(start);
    expect(hours(startOf(day, tz), startOf(plusDays(day, 1), tz))).toBe(length);
    expect(dayOf(new Date(start), tz)).toBe(day);
    expect(dayOf(new Date(Date.parse(start) - 1), tz)).toBe(plusDays(day, -1));
  });

  it('a point in time lies in the day that it is of', () => {
    const times = fc.date({ min: new Date('1990-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Auckland');
    fc.assert(
      fc.property(times, zones, (time, tz) => {
        const day = dayOf(time, tz);
        expect(startOf(day, tz).getTime()).toBeLessThanOrEqual(time.getTime());
        expect(startOf(plusDays(day, 1), tz).getTime()).toBeGreaterThan(time.getTime());
      }),
    );
  });
});

it('counts days by the calendar', () => {
  expect(daysFrom('2028-02-27', '2028-03-01')).toEqual(['2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01']);
  expect(daysFrom('2026-03-02', '2026-03-01')).toEqual([]);
  expect(inOrder('2026-10-01', '2026-09-30')).toEqual(['2026-09-30', '2026-10-01']);
});

describe('canonicalTimeZone', () => {
  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['Europe/Berlin', 'Europe/Berlin'],
    ['+02:00', null],
    ['Mars/Olympus_Mons', null],
    ['', null],
  ])('%j is %j', (name, expected) => {
    expect(canonicalTimeZone(name)).toBe(expected);
  });
});
