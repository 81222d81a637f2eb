import { describe, expect, it } from 'vitest';
import { spansOf } from '../../../../functions/analytics/learning/trend-spans.ts';

const now = new Date('2026-10-26T15:20:00Z');
const hour = 3_600_000;

describe('the days and hours of a trend', () => {
  it.each([
    ['1d', 24],
    ['7d', 7],
    ['30d', 30],
    ['90d', 90],
    ['1y', 365],
  ] as const)('of %s are %i whole ones and what is over of the current one', (period, count) => {
    const spans = spansOf({ period, tz: 'Europe/Berlin' }, now);
    expect(spans.filter(({ whole }) => whole)).toHaveLength(count);
    expect(spans.at(-1)).toMatchObject({ end: now, whole: false });
    for (const [index, { end }] of spans.slice(0, -1).entries()) expect(end).toEqual(spans[index + 1]?.start);
  });

  it('are days of the time zone, those on which clocks change too', () => {
    const days = spansOf({ period: '7d', tz: 'Europe/Berlin' }, now);
    expect(days.map(({ start, end }) => (end.getTime() - start.getTime()) / hour)).toEqual([
      24,
      24,
      24,
      24,
      24,
      24,
      25,
      16 + 1 / 3,
    ]);
    expect(days[0]?.start.toISOString()).toBe('2026-10-18T22:00:00.000Z');
  });
});
