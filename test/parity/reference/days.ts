import { type Row, timeOf } from './facts.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** Year, month and day on the calendar of a time zone, by the runtime's own formatting. */
export function dayIn(time: number, tz: string): string {
  const format = formats.get(tz) ?? new Intl.DateTimeFormat('en-CA', { timeZone: tz, dateStyle: 'short' });
  formats.set(tz, format);
  return format.format(time);
}

export function nextDay(day: string, step = 1): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + step);
  return date.toISOString().slice(0, 10);
}

export function everyDay(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = nextDay(day)) days.push(day);
  return days;
}

export function countsPerDay(rows: readonly Row[], days: readonly string[], tz: string) {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const day = dayIn(timeOf(row), tz);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return days.map((date) => ({ date, count: counts.get(date) ?? 0 }));
}

/** The first moment of a day: found by looking at every quarter of an hour around it. */
export function firstMomentOf(day: string, tz: string): number {
  const quarter = 900_000;
  let moment = Date.parse(day) - 24 * 3_600_000;
  while (dayIn(moment, tz) !== day) moment += quarter;
  return moment;
}
