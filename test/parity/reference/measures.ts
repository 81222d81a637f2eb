import { completes, pairOf, type Row, registrationOf, scaledOf, secondsOf } from './facts.ts';

/** Half away from zero. */
export function round(value: number, decimals: number): number {
  const size = Math.floor(Math.abs(value) * 10 ** decimals + 0.5 + 1e-9) / 10 ** decimals;
  return size === 0 ? 0 : Math.sign(value) * size;
}

export const known = <T>(values: readonly (T | null | undefined)[]): T[] =>
  values.flatMap((value) => (value === null || value === undefined ? [] : [value]));

export const distinct = <T>(values: readonly (T | null | undefined)[]): T[] => [...new Set(known(values))];

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]) => (values.length === 0 ? null : sum(values) / values.length);

export const percent = (part: number, whole: number) => (whole === 0 ? null : round((part / whole) * 100, 2));

export function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}

export const startedPairs = (rows: readonly Row[]) => distinct(rows.map(pairOf)).length;
export const completedPairs = (rows: readonly Row[]) => distinct(rows.filter(completes).map(pairOf)).length;
export const completionRate = (rows: readonly Row[]) => percent(completedPairs(rows), startedPairs(rows));
export const learners = (rows: readonly Row[]) => distinct(rows.map(({ agentKey }) => agentKey));

export function averageScore(rows: readonly Row[]): number | null {
  const average = mean(known(rows.map(scaledOf)));
  return average === null ? null : round(average, 3);
}

/** Seconds by the rule of time spent; null where no statement states a duration. */
export function secondsSpent(rows: readonly Row[]): number | null {
  const timed = rows.filter((row) => pairOf(row) !== undefined && secondsOf(row) !== undefined);
  if (timed.length === 0) return null;
  const sittings = groupBy(timed, (row) => `${pairOf(row)} ${registrationOf(row) ?? row.id}`);
  return sum([...sittings.values()].map((sitting) => Math.max(...known(sitting.map(secondsOf)))));
}

export const minutes = (seconds: number | null) => (seconds === null ? null : round(seconds / 60, 2));
