import { TZDate } from '@date-fns/tz';
import { format, startOfDay } from 'date-fns';

const dayMillis = 86_400_000;

/** So far, the days some years before and after have years of four digits too. */
const firstTime = Date.parse('0100-01-01T12:00:00Z');
const lastTime = Date.parse('9900-12-31T12:00:00Z');

/** The day of a point in time in a time zone, `2026-03-29`. What is before the year 100 or after 9900 is taken to lie there. */
export function dayOf(time: Date, tz: string): string {
  const inCalendar = Math.min(lastTime, Math.max(firstTime, time.getTime()));
  return format(new TZDate(inCalendar, tz), 'yyyy-MM-dd');
}

/** The first moment of a day in a time zone: where clocks skip midnight, the moment they skip to. */
export function startOf(day: string, tz: string): Date {
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
  return new Date(startOfDay(new TZDate(year, month - 1, date, 12, tz)).getTime());
}

/** The day so many days later, or earlier. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMillis).toISOString().slice(0, 10);
}

/** Every day from the first to the last, both included. */
export function daysFrom(first: string, last: string): string[] {
  const length = Math.round((Date.parse(last) - Date.parse(first)) / dayMillis) + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) => plusDays(first, index));
}

/** The earlier and the later of two days. */
export function inOrder(left: string, right: string): readonly [earlier: string, later: string] {
  return left.localeCompare(right) <= 0 ? [left, right] : [right, left];
}
