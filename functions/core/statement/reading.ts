import type { ValidStatement } from '../xapi/index.ts';
import { ext } from '../xapi/prefixes.ts';

type Extensions = NonNullable<NonNullable<ValidStatement['context']>['extensions']>;

/** The value of `ext:<name>`, or undefined. */
export function extension(extensions: Extensions | undefined, name: string): unknown {
  const key = ext + name;
  return extensions !== undefined && Object.hasOwn(extensions, key) ? extensions[key] : undefined;
}

const durationPattern =
  /^P(?:(?<weeks>[\d.,]+)W)?(?:(?<years>[\d.,]+)Y)?(?:(?<months>[\d.,]+)M)?(?:(?<days>[\d.,]+)D)?(?:T(?:(?<hours>[\d.,]+)H)?(?:(?<minutes>[\d.,]+)M)?(?:(?<seconds>[\d.,]+)S)?)?$/;

/** Seconds of one unit. A year and a month have the mean length of the Gregorian calendar. */
const unitSeconds = {
  weeks: 604_800,
  years: 31_556_952,
  months: 2_629_746,
  days: 86_400,
  hours: 3_600,
  minutes: 60,
  seconds: 1,
} as const;

/** Seconds of an ISO 8601 duration, or null for the alternative format (`P0001-01-01T00:00:00`) and what is none. */
export function durationSeconds(duration: string): number | null {
  const groups = durationPattern.exec(duration)?.groups;
  if (groups === undefined) return null;
  let seconds = 0;
  for (const [unit, length] of Object.entries(unitSeconds)) {
    const amount = groups[unit];
    if (amount !== undefined) seconds += Number(amount.replace(',', '.')) * length;
  }
  return Number.isFinite(seconds) ? seconds : null;
}

/** The English text of a language map, else its first by tag. */
export function displayName(map: Readonly<Record<string, string>> | undefined): string | undefined {
  if (map === undefined) return undefined;
  const tags = Object.keys(map).sort();
  const tag = tags.find((candidate) => /^en\b/i.test(candidate)) ?? tags[0];
  return tag === undefined ? undefined : map[tag];
}
