import { z } from 'zod';
import { activityKey } from '../../core/search/learner-fields.ts';
import { type Found, type SearchBody, search } from '../search/ask.ts';
import { countOf, distinct, distinctAnswer, estimates, rateOf } from '../search/distinct.ts';
import type { ReadingStores } from '../stores.ts';
import { completing, during, learnerNumbers, notOfSurveys } from './base.ts';
import type { CompletionStatsData, CompletionStatsQuery } from './contract.ts';

export function completionStatsBody({ activityId, ...window }: CompletionStatsQuery): SearchBody {
  const ofActivity =
    activityId === undefined ? [] : [{ term: { activity_key: activityKey(activityId) } }, notOfSurveys];
  return {
    size: 0,
    track_total_hits: true,
    query: learnerNumbers(during(window), ...ofActivity),
    aggs: {
      unique_learners: distinct('agent_key'),
      started: distinct('pair'),
      completed: distinct('pair', completing),
    },
  };
}

const answer = z.object({ unique_learners: distinctAnswer, started: distinctAnswer, completed: distinctAnswer });

export function completionStatsData({ total, aggregations }: Found): CompletionStatsData {
  const found = answer.parse(aggregations);
  const [learners, started, completed] = [
    countOf(found.unique_learners),
    countOf(found.started),
    countOf(found.completed),
  ];
  const completion = rateOf(completed, started);
  return {
    completion_rate: completion.value,
    completed: completed.value,
    started: started.value,
    total_statements: total,
    unique_learners: learners.value,
    approximate: estimates({
      counts: { unique_learners: learners, started, completed },
      rates: { completion_rate: completion },
    }),
  };
}

/** How much of what was begun was completed, of all activities or of one. One search. */
export async function completionStats(
  { search: client }: ReadingStores,
  query: CompletionStatsQuery,
): Promise<CompletionStatsData> {
  return completionStatsData(await search(client, completionStatsBody(query)));
}
