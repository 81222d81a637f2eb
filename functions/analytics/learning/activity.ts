import { z } from 'zod';
import { activityKey } from '../../core/search/learner-fields.ts';
import { percentOf, rounded } from '../rounded.ts';
import { type Found, type SearchBody, search, searchAll } from '../search/ask.ts';
import type { Part } from '../search/grouped.ts';
import { filtered, metric } from '../search/metrics.ts';
import type { ReadingStores } from '../stores.ts';
import { type Counted, counted, countedAnswer, partsOf } from './activity-counts.ts';
import { during, having, learnerNumbers, notOfSurveys } from './base.ts';
import type { ActivityData, ActivityQuery } from './contract.ts';
import { scoreOf } from './overview.ts';
import { minutes, secondsSpent, unregisteredAnswer, unregisteredTime } from './time-spent.ts';

const shareDecimals = 3;

function latest(field: string) {
  return {
    filter: having(field),
    aggs: { latest: { top_hits: { size: 1, sort: [{ timestamp: 'desc' }, { id: 'asc' }], _source: [field] } } },
  };
}

export function activityBody({ activityId, since }: ActivityQuery): SearchBody {
  return {
    size: 0,
    query: learnerNumbers({ term: { activity_key: activityKey(activityId) } }, notOfSurveys),
    aggs: {
      name: latest('activity_name'),
      type: latest('activity_type'),
      window: {
        filter: during({ since }),
        aggs: {
          ...counted(),
          average_score: { avg: { field: 'score_scaled' } },
          judged: { filter: having('succeeded') },
          succeeded: { filter: { term: { succeeded: true } } },
          unregistered: unregisteredTime,
        },
      },
    },
  };
}

/** Asks anew for what one request could not hold, part by part. */
function partBody({ activityId, since }: ActivityQuery, part: Part): SearchBody {
  return {
    size: 0,
    query: learnerNumbers({ term: { activity_key: activityKey(activityId) } }, notOfSurveys, during({ since })),
    aggs: counted(part),
  };
}

const latestAnswer = z
  .object({
    latest: z.object({ hits: z.object({ hits: z.array(z.object({ _source: z.unknown() })).default([]) }) }).optional(),
  })
  .prefault({});
const latestSource = z.object({
  activity_name: z.string().nullable().default(null),
  activity_type: z.string().nullable().default(null),
});

/** What the latest statement of those that have a field says. */
function latestOf({ latest }: z.infer<typeof latestAnswer>): z.infer<typeof latestSource> {
  return latestSource.parse(latest?.hits.hits[0]?._source ?? {});
}

const answer = z.object({
  name: latestAnswer,
  type: latestAnswer,
  window: countedAnswer
    .extend({
      average_score: metric,
      judged: filtered,
      succeeded: filtered,
      unregistered: unregisteredAnswer,
    })
    .prefault({}),
});

/** Folds an answer, or the answers of all parts where one request could not hold what is counted. */
export function activityData(
  { aggregations }: Found,
  { activityId }: ActivityQuery,
  parts?: readonly Counted[],
): ActivityData {
  const { name, type, window } = answer.parse(aggregations);
  const all = parts ?? [window];
  const sum = (read: (part: Counted) => number | null) => all.reduce((total, part) => total + (read(part) ?? 0), 0);
  const learners = sum(({ learners }) => learners.all.count);
  const timed = sum(({ learners }) => learners.timed.value);
  const seconds = secondsSpent(
    window.unregistered,
    all.map(({ registered }) => registered),
  );
  const share = (part: number, whole: number) => (whole === 0 ? null : rounded(part / whole, shareDecimals));
  return {
    activity_id: activityId,
    activity_name: latestOf(name).activity_name,
    activity_type: latestOf(type).activity_type,
    total_attempts: sum(({ attempts }) => attempts.all.count) + learners - sum(({ learners }) => learners.tried.value),
    unique_learners: learners,
    completion_rate: percentOf(
      sum(({ learners }) => learners.completed.value),
      learners,
    ),
    average_score: scoreOf(window.average_score),
    average_time_spent: seconds === null ? null : minutes(seconds / timed),
    difficulty_score: share(window.judged.doc_count - window.succeeded.doc_count, window.judged.doc_count),
    engagement_score: share(
      sum(({ learners }) => learners.active.value),
      learners,
    ),
  };
}

/** Numbers of one activity. One search; a second request of several where it has more than 10,000 learners or registrations. */
export async function activity({ search: client }: ReadingStores, query: ActivityQuery): Promise<ActivityData> {
  const found = await search(client, activityBody(query));
  const parts = partsOf(answer.parse(found.aggregations).window);
  if (parts.length === 0) return activityData(found, query);
  const rest = await searchAll(
    client,
    parts.map((part) => partBody(query, part)),
  );
  return activityData(
    found,
    query,
    rest.map(({ aggregations }) => countedAnswer.parse(aggregations)),
  );
}
