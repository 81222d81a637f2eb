import { dayOf, daysFrom, inOrder, plusDays } from '../days.ts';
import type { InTimeZone, Window } from './contract.ts';

/** Most days that an answer lists. */
export const mostDays = 3_660;

/** Counts the statements of the days that an answer may list. */
export function perDay(query: Listed) {
  const last = lastDay(query);
  return {
    filter: { range: { timestamp: daysRange(plusDays(last, 1 - mostDays), plusDays(last, 1), query.tz) } },
    aggs: { days: { date_histogram: dayHistogram(query.tz) } },
  };
}

interface Listed extends Window, InTimeZone {
  readonly now: Date;
}

/** That of `until`, or today, whichever is earlier. */
function lastDay({ until, tz, now }: Listed): string {
  const today = dayOf(now, tz);
  const ending = until === undefined ? today : dayOf(new Date(until.getTime() - 1), tz);
  return inOrder(ending, today)[0];
}

/** From the start of a day to the start of another, in a time zone. */
export function daysRange(first: string, before: string, tz: string) {
  return { gte: first, lt: before, format: 'yyyy-MM-dd', time_zone: tz };
}

export function dayHistogram(tz: string) {
  return { field: 'timestamp', calendar_interval: 'day', time_zone: tz, format: 'yyyy-MM-dd', min_doc_count: 1 };
}

/**
 * The days that an answer lists: from that of `since`, or of the first statement, to that of `until`, or today, whichever
 * is earlier; the last 3,660 of them.
 * @param first when the first statement of the window happened; null where there is none.
 */
export function listedDays(query: Listed, first: Date | null): string[] {
  const start = query.since ?? first;
  if (start === null) return [];
  const last = lastDay(query);
  const [, from] = inOrder(plusDays(last, 1 - mostDays), dayOf(start, query.tz));
  return daysFrom(from, last);
}

/** Days with their statements, those without any included. */
export function zeroFilled(days: readonly string[], counts: readonly { key_as_string: string; doc_count: number }[]) {
  const byDay = new Map(counts.map(({ key_as_string: date, doc_count: count }) => [date, count]));
  return days.map((date) => ({ date, count: byDay.get(date) ?? 0 }));
}
