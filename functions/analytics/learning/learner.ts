import { z } from 'zod';
import { dayOf, plusDays } from '../days.ts';
import { percentOf } from '../rounded.ts';
import { type Found, type SearchBody, search, searchAll } from '../search/ask.ts';
import { countOf, distinct, distinctAnswer, estimates, rateOf } from '../search/distinct.ts';
import { partsFor } from '../search/grouped.ts';
import { dayCounts, metric } from '../search/metrics.ts';
import type { ReadingStores } from '../stores.ts';
import { completing, during, learnerNumbers, notOfSurveys } from './base.ts';
import type { LearnerData, LearnerQuery } from './contract.ts';
import { dayHistogram, daysRange, mostDays } from './daily-activity.ts';
import { scoreOf } from './overview.ts';
import {
  minutes,
  registeredAnswer,
  registeredTime,
  secondsSpent,
  unregisteredAnswer,
  unregisteredTime,
} from './time-spent.ts';

const mostRecent = 10;
const mostPrograms = 1_000;

/** Completed and seen activities of the documents at hand. */
const activities = { total: distinct('activity_key'), completed: distinct('activity_key', completing) };

export function learnerBody({ learner: key, since, tz }: LearnerQuery, now: Date): SearchBody {
  const today = dayOf(now, tz);
  return {
    // The streak is of any time, so the window is a filter of the rest.
    query: learnerNumbers({ term: { agent_key: key } }),
    post_filter: { bool: { filter: [during({ since }), notOfSurveys] } },
    size: mostRecent,
    sort: [{ timestamp: 'desc' }, { id: 'asc' }],
    track_total_hits: false,
    _source: ['activity_id', 'activity_name', 'verb', 'timestamp', 'completion', 'success', 'score_scaled'],
    aggs: {
      window: {
        filter: during({ since }),
        aggs: {
          ...activities,
          average_score: { avg: { field: 'score_scaled' } },
          unregistered: unregisteredTime,
          registered: registeredTime(),
          programs: {
            terms: { field: 'program_id', size: mostPrograms, shard_size: 10 * mostPrograms },
            aggs: activities,
          },
        },
      },
      streak: {
        filter: { range: { timestamp: daysRange(plusDays(today, 1 - mostDays), plusDays(today, 1), tz) } },
        aggs: { days: { date_histogram: dayHistogram(tz) } },
      },
    },
  };
}

const answer = z.object({
  window: z
    .object({
      total: distinctAnswer,
      completed: distinctAnswer,
      average_score: metric,
      unregistered: unregisteredAnswer,
      registered: registeredAnswer,
      programs: z
        .object({
          buckets: z.array(z.object({ key: z.string(), total: distinctAnswer, completed: distinctAnswer })).default([]),
        })
        .prefault({}),
    })
    .prefault({}),
  streak: z.object({ days: dayCounts }).prefault({}),
});

const recentSource = z.object({
  activity_id: z.string().default(''),
  activity_name: z.string().nullable().default(null),
  verb: z.string(),
  timestamp: z.string(),
  completion: z.boolean().nullable().default(null),
  success: z.boolean().nullable().default(null),
  score_scaled: z.number().nullable().default(null),
});

type TimeSpent = z.infer<typeof registeredAnswer>;

export function learnerData(
  { sources, aggregations }: Found,
  { tz }: LearnerQuery,
  now: Date,
  /** Where the first answer could not hold all registrations: those of each part. */
  parts?: readonly TimeSpent[],
): LearnerData {
  const { window, streak } = answer.parse(aggregations);
  const [total, completed] = [countOf(window.total), countOf(window.completed)];
  const completion = rateOf(completed, total);
  return {
    total_activities: total.value,
    completed_activities: completed.value,
    completion_rate: completion.value,
    average_score: scoreOf(window.average_score),
    total_time_spent: minutes(secondsSpent(window.unregistered, parts ?? [window.registered])),
    learning_streak: streakOf(
      streak.days.buckets.map(({ key_as_string }) => key_as_string),
      dayOf(now, tz),
    ),
    recent_activities: sources.map((source) => {
      const { activity_id, timestamp, ...rest } = recentSource.parse(source);
      return {
        ...rest,
        activity_id: activity_id === '' ? null : activity_id,
        timestamp: new Date(timestamp).toISOString(),
      };
    }),
    progress_by_program: Object.fromEntries(
      window.programs.buckets.map((program) => {
        const [seen, done] = [countOf(program.total).value, countOf(program.completed).value];
        return [program.key, { total: seen, completed: done, completion_rate: percentOf(done, seen) }];
      }),
    ),
    approximate: estimates({
      counts: { total_activities: total, completed_activities: completed },
      rates: { completion_rate: completion },
    }),
  };
}

/** Consecutive days that end today or yesterday; 0 if none. */
export function streakOf(days: readonly string[], today: string): number {
  const active = new Set(days);
  let day = active.has(today) ? today : plusDays(today, -1);
  let streak = 0;
  for (; active.has(day); day = plusDays(day, -1)) streak += 1;
  return streak;
}

/** Parts in which the registrations of an answer must be asked for anew, because one request could not hold them. */
export function timeParts({ aggregations }: Found) {
  const { registered } = answer.parse(aggregations).window;
  return registered.counted.sum_other_doc_count === 0 ? [] : partsFor(registered.sittings.value ?? 0);
}

/** Numbers of one learner. One search; a second one for who has more than 10,000 registrations with a duration. */
export async function learner({ search: client, now }: ReadingStores, query: LearnerQuery): Promise<LearnerData> {
  const time = now();
  const found = await search(client, learnerBody(query, time));
  const parts = timeParts(found);
  if (parts.length === 0) return learnerData(found, query, time);
  const bodies = parts.map((part) => ({
    size: 0,
    query: learnerNumbers({ term: { agent_key: query.learner } }, during(query)),
    aggs: { registered: registeredTime(part) },
  }));
  const rest = await searchAll(client, bodies);
  return learnerData(
    found,
    query,
    time,
    rest.map(({ aggregations }) => z.object({ registered: registeredAnswer }).parse(aggregations).registered),
  );
}
