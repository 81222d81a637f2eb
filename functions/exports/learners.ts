import type { Client } from '@opensearch-project/opensearch';
import { during, having, learnerNumbers } from '../analytics/learning/base.ts';
import { percentOf } from '../analytics/rounded.ts';
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

/** Numbers of one learner, as the API's `learner` route defines them. */
export interface LearnerRow {
  readonly agent_key: string;
  readonly total_statements: number;
  readonly total_activities: number;
  readonly completed_activities: number;
  readonly completion_rate: number | null;
  readonly average_score: number | null;
  /** Minutes. */
  readonly total_time_spent: number | null;
  /** ISO 8601, UTC. */
  readonly first_activity: string;
  readonly last_activity: string;
}

export const learnerColumns = [
  'agent_key',
  'total_statements',
  'total_activities',
  'completed_activities',
  'completion_rate',
  'average_score',
  'total_time_spent',
  'first_activity',
  'last_activity',
] as const satisfies readonly (keyof LearnerRow)[];

interface Open {
  readonly key: string;
  readonly sums: Sums;
  readonly activities: number;
  readonly completed: number;
  /** The activity of the last sitting, and whether any of its sittings had a completion. */
  readonly activity: string | null;
  readonly isCompleted: boolean;
}

/** A row per learner of the window, in the order of agent keys, page by page. */
export async function* learnerPages(
  client: Client,
  window: Pick<Attempt, 'since' | 'until'>,
): AsyncGenerator<readonly LearnerRow[]> {
  const { learner, activity, sitting: single } = sittingFields;
  const grouping = {
    query: learnerNumbers(during(window), having(learner)),
    by: [learner, activity, single],
    aggregations: sittingAggregations,
  };
  yield* rowsOfLearners(groupPages(client, grouping, sitting));
}

/** Sittings in the order of learner and activity, as rows of learners. */
export async function* rowsOfLearners(pages: AsyncIterable<readonly Sitting[]>): AsyncGenerator<readonly LearnerRow[]> {
  let open: Open | null = null;
  for await (const page of pages) {
    const rows: LearnerRow[] = [];
    for (const item of page) {
      const key = item.key.agent_key;
      if (key === null) continue;
      if (open !== null && open.key !== key) {
        rows.push(rowOf(open));
        open = null;
      }
      open = added(
        open ?? { key, sums: nothing, activities: 0, completed: 0, activity: null, isCompleted: false },
        item,
      );
    }
    if (rows.length > 0) yield rows;
  }
  if (open !== null) yield [rowOf(open)];
}

function added(open: Open, item: Sitting): Open {
  const activity = item.key.activity_key;
  const sums = plus(open.sums, item);
  if (activity === null) return { ...open, sums };
  const isNew = activity !== open.activity;
  const wasCompleted = !isNew && open.isCompleted;
  const isCompleted = wasCompleted || item.completed > 0;
  return {
    ...open,
    sums,
    activities: open.activities + (isNew ? 1 : 0),
    completed: open.completed + (isCompleted && !wasCompleted ? 1 : 0),
    activity,
    isCompleted,
  };
}

function rowOf({ key, sums, activities, completed }: Open): LearnerRow {
  return {
    agent_key: key,
    total_statements: sums.statements,
    total_activities: activities,
    completed_activities: completed,
    completion_rate: percentOf(completed, activities),
    average_score: averageScore(sums),
    total_time_spent: minutesSpent(sums),
    first_activity: new Date(sums.first).toISOString(),
    last_activity: new Date(sums.last).toISOString(),
  };
}
