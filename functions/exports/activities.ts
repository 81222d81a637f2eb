import type { Client } from '@opensearch-project/opensearch';
import { z } from 'zod';
import { during, type Filter, having, learnerNumbers, notOfSurveys } from '../analytics/learning/base.ts';
import { percentOf, rounded } from '../analytics/rounded.ts';
import { search } from '../analytics/search/ask.ts';
import { groupPages } from './groups.ts';
import type { Attempt } from './job.ts';
import {
  averageScore,
  minutesSpent,
  nothing,
  plus,
  type Sitting,
  type Sums,
  sitting,
  sittingAggregations,
  sittingFields,
} from './sittings.ts';

/** Numbers of one activity, as the API's `activity` route defines them. */
export interface ActivityRow {
  /** IRI. */
  readonly activity_id: string;
  readonly activity_name: string | null;
  readonly activity_type: string | null;
  readonly total_statements: number;
  readonly total_attempts: number;
  readonly unique_learners: number;
  readonly completion_rate: number | null;
  readonly average_score: number | null;
  /** Minutes per learner with a duration. */
  readonly average_time_spent: number | null;
  readonly difficulty_score: number | null;
  readonly engagement_score: number | null;
}

export const activityColumns = [
  'activity_id',
  'activity_name',
  'activity_type',
  'total_statements',
  'total_attempts',
  'unique_learners',
  'completion_rate',
  'average_score',
  'average_time_spent',
  'difficulty_score',
  'engagement_score',
] as const satisfies readonly (keyof ActivityRow)[];

/** A row that does not know yet what its activity is called. */
export type UnnamedRow = Omit<ActivityRow, 'activity_id' | 'activity_name' | 'activity_type'> & {
  readonly key: string;
};

/** A row per activity of the window, surveys left out, page by page, in an order that says nothing. */
export async function* activityPages(
  client: Client,
  window: Pick<Attempt, 'since' | 'until'>,
): AsyncGenerator<readonly ActivityRow[]> {
  const { learner, activity, sitting: single } = sittingFields;
  const grouping = {
    query: learnerNumbers(during(window), having(activity), notOfSurveys),
    by: [activity, learner, single],
    aggregations: sittingAggregations,
  };
  for await (const page of rowsOfActivities(groupPages(client, grouping, sitting))) {
    for (let from = 0; from < page.length; from += namedAtOnce) {
      yield await withNames(client, page.slice(from, from + namedAtOnce));
    }
  }
}

interface Learner {
  readonly key: string;
  readonly isCompleted: boolean;
  readonly isTimed: boolean;
  readonly hasTried: boolean;
  readonly first: number;
  readonly last: number;
}

interface Open {
  readonly key: string;
  readonly sums: Sums;
  readonly learners: number;
  readonly completed: number;
  readonly timed: number;
  readonly engaged: number;
  readonly attempts: number;
  readonly judged: number;
  readonly succeeded: number;
  /** Whose sittings are being read. */
  readonly learner: Learner | null;
}

/** Sittings in the order of activity and learner, as rows of activities. */
export async function* rowsOfActivities(
  pages: AsyncIterable<readonly Sitting[]>,
): AsyncGenerator<readonly UnnamedRow[]> {
  let open: Open | null = null;
  for await (const page of pages) {
    const rows: UnnamedRow[] = [];
    for (const item of page) {
      const key = item.key.activity_key;
      if (key === null) continue;
      if (open !== null && open.key !== key) {
        rows.push(rowOf(open));
        open = null;
      }
      open = added(open ?? begun(key), item);
    }
    if (rows.length > 0) yield rows;
  }
  if (open !== null) yield [rowOf(open)];
}

function begun(key: string): Open {
  const none = { learners: 0, completed: 0, timed: 0, engaged: 0, attempts: 0, judged: 0, succeeded: 0 };
  return { key, sums: nothing, ...none, learner: null };
}

function added(activity: Open, item: Sitting): Open {
  const key = item.key.agent_key;
  const open = activity.learner !== null && activity.learner.key !== key ? withLearner(activity) : activity;
  const sums = plus(open.sums, item);
  const judged = open.judged + item.judged;
  const succeeded = open.succeeded + item.succeeded;
  if (key === null) return { ...open, sums, judged, succeeded };
  const { learner } = open;
  return {
    ...open,
    sums,
    judged,
    succeeded,
    attempts: open.attempts + (item.attempting > 0 ? 1 : 0),
    learner: {
      key,
      isCompleted: (learner?.isCompleted ?? false) || item.completed > 0,
      isTimed: (learner?.isTimed ?? false) || item.seconds.count > 0,
      hasTried: (learner?.hasTried ?? false) || item.attempting > 0,
      first: Math.min(learner?.first ?? item.first, item.first),
      last: Math.max(learner?.last ?? item.last, item.last),
    },
  };
}

const dayMillis = 86_400_000;

/** The learner at hand counted. One without an attempt has made one. */
function withLearner(open: Open): Open {
  const { learner } = open;
  if (learner === null) return open;
  const days = Math.floor(learner.last / dayMillis) - Math.floor(learner.first / dayMillis);
  return {
    ...open,
    learners: open.learners + 1,
    completed: open.completed + (learner.isCompleted ? 1 : 0),
    timed: open.timed + (learner.isTimed ? 1 : 0),
    engaged: open.engaged + (days > 0 ? 1 : 0),
    attempts: open.attempts + (learner.hasTried ? 0 : 1),
    learner: null,
  };
}

const shareDecimals = 3;
const share = (part: number, whole: number) => (whole === 0 ? null : rounded(part / whole, shareDecimals));

function rowOf(last: Open): UnnamedRow {
  const { key, sums, learners, completed, timed, engaged, attempts, judged, succeeded } = withLearner(last);
  return {
    key,
    total_statements: sums.statements,
    total_attempts: attempts,
    unique_learners: learners,
    completion_rate: percentOf(completed, learners),
    average_score: averageScore(sums),
    average_time_spent: minutesSpent(sums, timed),
    difficulty_score: share(judged - succeeded, judged),
    engagement_score: share(engaged, learners),
  };
}

/** Activities whose names are asked for in one search. */
const namedAtOnce = 500;

const named = z.object({
  _source: z.object({
    activity_id: z.string().optional(),
    activity_name: z.string().optional(),
    activity_type: z.string().optional(),
  }),
});

/** What the latest statement that has it calls an activity; undefined where none has. */
const latestSource = z
  .object({ latest: z.object({ hits: z.object({ hits: z.array(named).default([]) }) }) })
  .transform(({ latest }) => latest.hits.hits[0]?._source);

const namesAnswer = z.object({
  activities: z
    .object({
      buckets: z.array(z.object({ key: z.string(), id: latestSource, name: latestSource, type: latestSource })),
    })
    .prefault({ buckets: [] }),
});

function latest(field: string, filter: Filter = having(field)) {
  return {
    filter,
    aggs: { latest: { top_hits: { size: 1, sort: [{ timestamp: 'desc' }, { id: 'asc' }], _source: [field] } } },
  };
}

/** Rows with what their activities are called: as the latest statement with a name has it, whatever the window. */
async function withNames(client: Client, rows: readonly UnnamedRow[]): Promise<ActivityRow[]> {
  const field = sittingFields.activity;
  const keys = rows.map(({ key }) => key);
  const { aggregations } = await search(client, {
    size: 0,
    query: learnerNumbers({ terms: { [field]: keys } }, notOfSurveys),
    aggs: {
      activities: {
        terms: { field, size: keys.length, include: keys },
        aggs: {
          id: latest('activity_id', { match_all: {} }),
          name: latest('activity_name'),
          type: latest('activity_type'),
        },
      },
    },
  });
  const { buckets } = namesAnswer.parse(aggregations).activities;
  const byKey = new Map(buckets.map((bucket) => [bucket.key, bucket]));
  return rows.map(({ key, ...numbers }) => ({
    activity_id: byKey.get(key)?.id?.activity_id ?? '',
    activity_name: byKey.get(key)?.name?.activity_name ?? null,
    activity_type: byKey.get(key)?.type?.activity_type ?? null,
    ...numbers,
  }));
}
