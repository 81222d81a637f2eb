/** A point in time as a timestamp names it. */
interface Instant {
  /** Milliseconds since the epoch of the whole second. */
  readonly second: number;
  /** Digits of the second's fraction, at most nine; may be empty. */
  readonly fraction: string;
}

const dateTime =
  /^(?:(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?|(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?$/;

const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether text is an ISO 8601 date and time (Part 2, 4.5): a calendar date and a time to the minute or finer, in the
 * extended or the basic format, the offset as `Z`, `±hh:mm`, `±hhmm`, `±hh` or missing. A negative zero offset is
 * none: `-00:00` means in RFC 3339 that the offset is not known, and ISO 8601 forbids it.
 *
 * A leap second is one only at 23:59:60 UTC at the end of a month; 24:00:00 is the end of a day. A point in time that
 * UTC puts outside the years 0000 to 9999 has no form in RFC 3339, so it is none.
 */
export function isTimestamp(text: string): boolean {
  return parse(text) !== null;
}

/**
 * The timestamp in RFC 3339 and UTC (a missing offset is UTC). A leap second becomes the second after it, as in POSIX
 * time, since neither PostgreSQL nor JavaScript have it; a fraction is cut after nine digits.
 *
 * @throws RangeError if the text is no timestamp.
 */
export function rfc3339Timestamp(text: string): string {
  const instant = instantOf(text);
  return notation(instant, instant.fraction);
}

/**
 * The same text for every notation of the same point in time: the form in which timestamps compare (Part 2, 2.3.1.b4).
 *
 * @throws RangeError if the text is no timestamp.
 */
export function canonicalTimestamp(text: string): string {
  const instant = instantOf(text);
  return notation(instant, instant.fraction.replace(/0+$/, ''));
}

function instantOf(text: string): Instant {
  const instant = parse(text);
  if (instant === null) throw new RangeError('Not an ISO 8601 timestamp');
  return instant;
}

function notation({ second }: Instant, fraction: string): string {
  const seconds = new Date(second).toISOString().replace('.000Z', '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}

function parse(text: string): Instant | null {
  const match = dateTime.exec(text);
  if (match === null) return null;
  const [, extendedYear, ...rest] = match;
  const at = extendedYear === undefined ? 6 : -1;
  const field = (index: number): number => Number(rest[at + index] ?? 0);
  const year = Number(extendedYear ?? rest[at]);
  const [month, day, hour, minute, second] = [field(1), field(2), field(3), field(4), field(5)];
  const fraction = (rest[at + 6] ?? '').slice(0, 9);
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return null;
  if (hour > 24 || minute > 59 || second > 60) return null;
  if (hour === 24 && (minute > 0 || second > 0 || /[1-9]/.test(rest[at + 6] ?? ''))) return null;
  const offset = offsetMinutes(rest[13], rest[14], rest[15]);
  if (offset === null) return null;
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - offset, second);
  if (second === 60 && !isEndOfMonth(utc)) return null;
  if (utc.getUTCFullYear() < 0 || utc.getUTCFullYear() > 9999) return null;
  return { second: utc.getTime(), fraction };
}

function offsetMinutes(
  sign: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
): number | null {
  if (sign === undefined) return 0;
  const [hour, minute] = [Number(hours), Number(minutes ?? 0)];
  if (hour > 23 || minute > 59) return null;
  const total = hour * 60 + minute;
  if (sign === '+') return total;
  return total === 0 ? null : -total;
}

/** After the roll from second 60 the first moment of a month. */
function isEndOfMonth(utc: Date): boolean {
  return utc.getUTCDate() === 1 && utc.getUTCHours() === 0 && utc.getUTCMinutes() === 0;
}

function daysOfMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (daysOfMonths[month - 1] ?? 0);
}
