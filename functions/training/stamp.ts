import { rfc3339Timestamp } from '../core/xapi/timestamp.ts';

/**
 * The point in time of a valid timestamp in UTC with microseconds, as `timestamptz` holds it: two of them compare as
 * text. Finer digits are cut (PostgreSQL would round).
 */
export function instant(timestamp: string): string {
  return fixed(timestamp, 6);
}

/** Statement time (nine digits) and id: of two events the later one by it sets an attribute. Compares as text. */
export function stampOf(statement: { readonly id: string; readonly timestamp: string }): string {
  return `${fixed(statement.timestamp, 9)} ${statement.id}`;
}

function fixed(timestamp: string, digits: number): string {
  const [seconds = '', fraction = ''] = rfc3339Timestamp(timestamp).slice(0, -1).split('.');
  return `${seconds}.${fraction.padEnd(digits, '0').slice(0, digits)}Z`;
}

const lastInstant = '9999-12-31T23:59:59.999999Z';

/** The instant some minutes later, at most the last of the calendar. */
export function minutesAfter(from: string, minutes: number): string {
  const date = new Date(Date.parse(from) + Math.round(minutes * 60_000));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return lastInstant;
  // A Date has milliseconds; the finer digits are those of the start.
  return `${date.toISOString().slice(0, 23)}${from.slice(23)}`;
}

/** By attribute: the stamp of the statement that set it. */
export type Stamps = Readonly<Record<string, string>>;

/**
 * A row with the attributes that an event sets, where none of a later statement has set them. What is undefined the
 * event does not mention.
 */
export function assign<Row extends { readonly set_by: Stamps }>(
  row: Row,
  changes: { readonly [Key in keyof Row]?: Row[Key] | undefined },
  stamp: string,
): Row {
  const news = Object.entries(changes).filter(([name, value]) => value !== undefined && isNews(row, name, stamp));
  if (news.length === 0) return row;
  return {
    ...row,
    ...Object.fromEntries(news),
    set_by: { ...row.set_by, ...Object.fromEntries(news.map(([name]) => [name, stamp])) },
  };
}

/** Whether an attribute was set by no later statement. */
export function isNews(row: { readonly set_by: Stamps }, attribute: string, stamp: string): boolean {
  const known = Object.hasOwn(row.set_by, attribute) ? row.set_by[attribute] : undefined;
  return known === undefined || known < stamp;
}
