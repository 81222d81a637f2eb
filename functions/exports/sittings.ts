import { z } from 'zod';
import { completing, type Filter, having } from '../analytics/learning/base.ts';
import { scoreDecimals } from '../analytics/learning/overview.ts';
import { minutes } from '../analytics/learning/time-spent.ts';
import { rounded } from '../analytics/rounded.ts';
import { adl } from '../core/xapi/prefixes.ts';

/**
 * A sitting: what one learner did about one activity in one registration, or without any. The numbers of a learner and of
 * an activity are sums over sittings (spec: search.md, Numbers), so one aggregation gives both exports.
 */
const attempting: Filter = { terms: { verb: [`${adl}attempted`, `${adl}initialized`] } };

export const sittingFields = { learner: 'agent_key', activity: 'activity_key', sitting: 'attempt' } as const;

/** What is read of each sitting. */
export const sittingAggregations = {
  completed: { filter: completing },
  score: { stats: { field: 'score_scaled' } },
  seconds: { stats: { field: 'duration_seconds' } },
  registered: { filter: having('registration') },
  attempting: { filter: attempting },
  judged: { filter: having('succeeded') },
  succeeded: { filter: { term: { succeeded: true } } },
  first: { min: { field: 'timestamp' } },
  last: { max: { field: 'timestamp' } },
};

const counted = z.object({ doc_count: z.number() }).transform(({ doc_count }) => doc_count);
const stats = z.object({ count: z.number(), sum: z.number().nullable(), max: z.number().nullable() });
const moment = z.object({ value: z.number().nullable() }).transform(({ value }) => value ?? 0);

export const sitting = z
  .object({
    key: z.object({
      agent_key: z.string().nullable(),
      activity_key: z.string().nullable(),
      attempt: z.string().nullable(),
    }),
    doc_count: z.number(),
    completed: counted,
    score: stats,
    seconds: stats,
    registered: counted,
    attempting: counted,
    judged: counted,
    succeeded: counted,
    first: moment,
    last: moment,
  })
  .readonly();
export type Sitting = z.infer<typeof sitting>;

/** Sums that learners and activities have in common. */
export interface Sums {
  readonly statements: number;
  readonly scores: number;
  readonly scoreSum: number;
  /** Durations that were stated. */
  readonly durations: number;
  readonly seconds: number;
  /** Milliseconds since the epoch; 0 before the first sitting. */
  readonly first: number;
  readonly last: number;
}

export const nothing: Sums = { statements: 0, scores: 0, scoreSum: 0, durations: 0, seconds: 0, first: 0, last: 0 };

/** A learner's time in a registration is its longest duration; without one each statement counts by itself. */
export function plus(sums: Sums, { doc_count, score, seconds, registered, key, first, last }: Sitting): Sums {
  // Time is spent by a learner on an activity.
  const isTimed = key.attempt !== null;
  const spent = registered > 0 ? seconds.max : seconds.sum;
  return {
    statements: sums.statements + doc_count,
    scores: sums.scores + score.count,
    scoreSum: sums.scoreSum + (score.sum ?? 0),
    durations: sums.durations + (isTimed ? seconds.count : 0),
    seconds: sums.seconds + (isTimed ? (spent ?? 0) : 0),
    first: sums.statements === 0 ? first : Math.min(sums.first, first),
    last: Math.max(sums.last, last),
  };
}

/** Mean score, 3 decimals; null where none is stated. */
export function averageScore({ scores, scoreSum }: Sums): number | null {
  return scores === 0 ? null : rounded(scoreSum / scores, scoreDecimals);
}

/** Minutes spent, per so many learners, 2 decimals; null where no duration is stated. */
export function minutesSpent({ durations, seconds }: Sums, learners = 1): number | null {
  return durations === 0 ? null : minutes(seconds / learners);
}
