import { dayOf, daysFrom, plusDays, startOf } from '../days.ts';
import type { TrendPeriod, TrendsQuery } from './contract.ts';

const hourMillis = 3_600_000;
const hoursOfDay = 24;

const wholeDays: Readonly<Record<Exclude<TrendPeriod, '1d'>, number>> = { '7d': 7, '30d': 30, '90d': 90, '1y': 365 };

/** A day or an hour of a series. */
export interface Span {
  readonly start: Date;
  readonly end: Date;
  /** False for the one that is not over. */
  readonly whole: boolean;
}

/** The whole days of a period before today, or for `1d` the whole hours before this one, and what is over of today or of this hour. */
export function spansOf({ period, tz }: Pick<TrendsQuery, 'period' | 'tz'>, now: Date): readonly Span[] {
  const starts = period === '1d' ? hours(now) : days(wholeDays[period], tz, now);
  return starts.map((start, position) => {
    const next = starts[position + 1];
    return { start, end: next ?? now, whole: next !== undefined };
  });
}

function hours(now: Date): Date[] {
  const current = Math.floor(now.getTime() / hourMillis);
  return Array.from({ length: hoursOfDay + 1 }, (_, hour) => new Date((current - hoursOfDay + hour) * hourMillis));
}

function days(count: number, tz: string, now: Date): Date[] {
  const today = dayOf(now, tz);
  return daysFrom(plusDays(today, -count), today).map((day) => startOf(day, tz));
}
