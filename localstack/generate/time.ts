import { tzOffset } from '@date-fns/tz';
import type { Below } from '../workload/made-up.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Statement times of a data set, milliseconds since the epoch: from inclusive, until exclusive. */
export interface Window {
  readonly since: number;
  readonly until: number;
}

/** Zones whose clocks change on different days, one of each hemisphere's sides of UTC. */
const zones = ['Europe/Berlin', 'America/New_York'] as const;

/** Times around each change of clocks: midnights of both zones, and the hours that are skipped or repeated. */
export function clockChanges({ since, until }: Window): number[] {
  const times: number[] = [];
  for (let start = Math.ceil(since / day) * day; start + day < until; start += day) {
    const changes = zones.some((zone) => tzOffset(zone, new Date(start)) !== tzOffset(zone, new Date(start + day)));
    if (!changes) continue;
    const around = [-2 * hour - 1, -hour, 0, hour - 1, hour, 2 * hour, 4 * hour - 1, 5 * hour, 6 * hour - 1, 7 * hour];
    times.push(...around.map((offset) => start + offset), start + 22 * hour, start + 23 * hour - 1);
  }
  return times.filter((time) => time >= since && time < until).sort((left, right) => left - right);
}

/** A time as producers write it: mostly UTC, some with an offset, some without any (which means UTC), some without fractions. */
export function timeText(time: number, below: Below): string {
  const utc = new Date(time).toISOString();
  switch (below(20)) {
    case 0:
      return `${new Date(time + 2 * hour).toISOString().slice(0, -1)}+02:00`;
    case 1:
      return `${new Date(time - 5 * hour).toISOString().slice(0, -1)}-05:00`;
    case 2:
      return utc.slice(0, -1);
    default:
      return utc;
  }
}
