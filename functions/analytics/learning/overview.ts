import { z } from 'zod';
import { rounded } from '../rounded.ts';
import { type Found, type SearchBody, search } from '../search/ask.ts';
import { countOf, distinct, distinctAnswer, estimates, exactLimit, rateOf } from '../search/distinct.ts';
import { dayCounts, metric, termCounts } from '../search/metrics.ts';
import type { ReadingStores } from '../stores.ts';
import { completing, during, learnerNumbers } from './base.ts';
import type { OverviewData, OverviewQuery } from './contract.ts';
import { listedDays, perDay, zeroFilled } from './daily-activity.ts';

/** Decimals of a mean score. */
export const scoreDecimals = 3;

/** How many verbs and types are named. */
const most = 10;

/** The most frequent values of a field, exactly, as long as a month has no more than 10,000 different ones. */
function mostFrequent(field: string) {
  return { terms: { field, size: most, shard_size: exactLimit, order: [{ _count: 'desc' }, { _key: 'asc' }] } };
}

export function overviewBody(query: OverviewQuery, now: Date): SearchBody {
  return {
    size: 0,
    track_total_hits: true,
    query: learnerNumbers(during(query)),
    aggs: {
      unique_learners: distinct('agent_key'),
      unique_activities: distinct('activity_key'),
      started: distinct('pair'),
      completed: distinct('pair', completing),
      average_score: { avg: { field: 'score_scaled' } },
      first: { min: { field: 'timestamp' } },
      daily_activity: perDay({ ...query, now }),
      top_verbs: mostFrequent('verb'),
      activity_types: mostFrequent('activity_type'),
    },
  };
}

const answer = z.object({
  unique_learners: distinctAnswer,
  unique_activities: distinctAnswer,
  started: distinctAnswer,
  completed: distinctAnswer,
  average_score: metric,
  first: metric,
  daily_activity: z.object({ days: dayCounts }).prefault({}),
  top_verbs: termCounts,
  activity_types: termCounts,
});

export function overviewData({ total, aggregations }: Found, query: OverviewQuery, now: Date): OverviewData {
  const found = answer.parse(aggregations);
  const learners = countOf(found.unique_learners);
  const activities = countOf(found.unique_activities);
  const completion = rateOf(countOf(found.completed), countOf(found.started));
  const first = found.first.value === null ? null : new Date(found.first.value);
  return {
    total_statements: total,
    unique_learners: learners.value,
    unique_activities: activities.value,
    completion_rate: completion.value,
    average_score: scoreOf(found.average_score),
    daily_activity: zeroFilled(listedDays({ ...query, now }, first), found.daily_activity.days.buckets),
    top_verbs: found.top_verbs.buckets.map(({ key: verb, doc_count: count }) => ({ verb, count })),
    activity_types: found.activity_types.buckets.map(({ key: type, doc_count: count }) => ({ type, count })),
    approximate: estimates({
      counts: { unique_learners: learners, unique_activities: activities },
      rates: { completion_rate: completion },
    }),
  };
}

/** A mean score as it is shown; null where nothing states one. */
export function scoreOf({ value }: z.infer<typeof metric>): number | null {
  return value === null ? null : rounded(value, scoreDecimals);
}

/** Numbers of the whole platform. One search. */
export async function overview({ search: client, now }: ReadingStores, query: OverviewQuery): Promise<OverviewData> {
  const time = now();
  return overviewData(await search(client, overviewBody(query, time)), query, time);
}
