import { z } from 'zod';
import { percentOf, rounded } from '../rounded.ts';
import { type Found, type SearchBody, search, searchAll } from '../search/ask.ts';
import { groupCount, groupedBy, type Part, partsFor, sumOver } from '../search/grouped.ts';
import { metric } from '../search/metrics.ts';
import type { ReadingStores } from '../stores.ts';
import { during, type Filter, having, learnerNumbers, notOfSurveys } from './base.ts';
import type { PerformancePeriod, TopPerformersData, TopPerformersQuery, Window } from './contract.ts';
import { type Performance, ranked } from './ranking.ts';

const minimumScored = 5;
const dayMillis = 86_400_000;
const periodDays: Readonly<Record<PerformancePeriod, number>> = { '30d': 30, '90d': 90, '180d': 180, '1y': 365 };

/** Pairs of learner and activity that one search counts: well below the 65,535 buckets that the engine allows. */
const pairsOfPart = 20_000;

function statementsOf(window: Window, category: string | null) {
  const ofCategory: Filter[] = category === null ? [] : [{ term: { category } }, notOfSurveys];
  return learnerNumbers(during(window), having('pair'), ...ofCategory);
}

/** How many pairs of learner and activity there are, and how many learners. */
function sizesBody(query: Filter): SearchBody {
  const aggs = { pairs: { cardinality: { field: 'pair' } }, learners: { cardinality: { field: 'agent_key' } } };
  return { size: 0, query, aggs };
}

const sizes = z.object({ pairs: metric, learners: metric });

/** As many parts as both need: a part that had more learners than it has buckets would lose those with fewest statements. */
export function partsOf(answer: unknown): readonly Part[] {
  const { pairs, learners } = sizes.parse(answer);
  const [byPairs, byLearners] = [partsFor(pairs.value ?? 0, pairsOfPart), partsFor(learners.value ?? 0)];
  return byPairs.length > byLearners.length ? byPairs : byLearners;
}

/** What each learner of a part did, activity by activity; only of those with enough scored activities. */
function performancesBody(query: Filter, part: Part): SearchBody {
  return {
    size: 0,
    query,
    aggs: {
      learners: groupedBy('agent_key', part, {
        counted: groupedBy('activity_key', undefined, {
          completed: { max: { field: 'completes' } },
          scored: { max: { field: 'scored' } },
        }),
        activities: groupCount('counted'),
        completed: sumOver('counted>completed'),
        scored: sumOver('counted>scored'),
        average_score: { avg: { field: 'score_scaled' } },
        enough: {
          bucket_selector: {
            buckets_path: { scored: 'scored' },
            script: { lang: 'painless', source: 'params.scored >= params.minimum', params: { minimum: minimumScored } },
          },
        },
      }),
    },
  };
}

const answer = z.object({
  learners: z
    .object({
      buckets: z
        .array(
          z.object({
            key: z.string(),
            activities: z.object({ count: z.number() }),
            completed: z.object({ value: z.number() }),
            scored: z.object({ value: z.number() }),
            average_score: z.object({ value: z.number() }),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

function performances({ aggregations }: Found): Performance[] {
  return answer.parse(aggregations).learners.buckets.map((learner) => ({
    agentKey: learner.key,
    activities: learner.activities.count,
    completed: learner.completed.value,
    scored: learner.scored.value,
    averageScore: learner.average_score.value,
  }));
}

/**
 * The learners that do best. Two requests: how many learners and pairs of learner and activity there are, then as many
 * searches as those need. Each learner is counted within one search. Of who has more than 10,000 activities, so many count.
 */
export async function topPerformers(
  { search: client, now }: ReadingStores,
  query: TopPerformersQuery,
): Promise<TopPerformersData> {
  const until = now();
  const since = new Date(until.getTime() - periodDays[query.period] * dayMillis);
  const category = query.category === undefined || query.category === 'all' ? null : query.category;
  const statements = statementsOf({ since, until }, category);
  const { aggregations } = await search(client, sizesBody(statements));
  const found = await searchAll(
    client,
    partsOf(aggregations).map((part) => performancesBody(statements, part)),
  );
  const all = ranked(found.flatMap(performances));
  return {
    top_performers: all.slice(0, query.limit).map(({ learner, overall, components }, position) => ({
      rank: position + 1,
      agent_key: learner.agentKey,
      overall_score: overall,
      components,
      completion_rate: percentOf(learner.completed, learner.activities) ?? 0,
      average_score: rounded(learner.averageScore, 3),
      total_activities: learner.activities,
      completed_activities: learner.completed,
      scored_activities: learner.scored,
    })),
    total_analyzed: all.length,
    minimum_scored_activities: minimumScored,
    category,
    time_period: query.period,
    since: since.toISOString(),
    until: until.toISOString(),
  };
}
