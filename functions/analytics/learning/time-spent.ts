import { z } from 'zod';
import { rounded } from '../rounded.ts';
import { groupedBy, left, type Part, sumOver } from '../search/grouped.ts';
import { metric } from '../search/metrics.ts';
import { having } from './base.ts';

const duration = 'duration_seconds';
const registered = having('registration');

/** Durations of statements that belong to no registration: each counts by itself. */
export const unregisteredTime = {
  filter: { bool: { filter: [having('attempt')], must_not: [registered] } },
  aggs: { seconds: { stats: { field: duration } } },
};

/** The longest duration of each learner, activity and registration, or of those of a part of them. */
export function registeredTime(part?: Part) {
  return {
    filter: { bool: { filter: [having('attempt'), registered, having(duration)] } },
    aggs: {
      counted: groupedBy('attempt', part, { longest: { max: { field: duration } } }),
      seconds: sumOver('counted>longest'),
      sittings: { cardinality: { field: 'attempt' } },
    },
  };
}

export const unregisteredAnswer = z
  .object({ seconds: z.object({ count: z.number(), sum: z.number() }).default({ count: 0, sum: 0 }) })
  .prefault({});

export const registeredAnswer = z
  .object({ doc_count: z.number().default(0), counted: left, seconds: metric, sittings: metric })
  .prefault({});

/** Seconds of one learner or of several; null where no statement states a duration. */
export function secondsSpent(
  unregistered: z.infer<typeof unregisteredAnswer>,
  registered: readonly z.infer<typeof registeredAnswer>[],
): number | null {
  const stated = unregistered.seconds.count + (registered[0]?.doc_count ?? 0);
  if (stated === 0) return null;
  return registered.reduce((sum, { seconds }) => sum + (seconds.value ?? 0), unregistered.seconds.sum);
}

/** Seconds in minutes as they are shown. */
export function minutes(seconds: number | null): number | null {
  return seconds === null ? null : rounded(seconds / 60, 2);
}
