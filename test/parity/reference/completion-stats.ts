import type { CompletionStatsData, CompletionStatsQuery } from '../../../functions/analytics/learning/contract.ts';
import { activityIdOf, isOfSurvey, learnerStatements, type Row, within } from './facts.ts';
import { completedPairs, completionRate, learners, startedPairs } from './measures.ts';

export function completionStats(
  rows: readonly Row[],
  { activityId, since, until }: CompletionStatsQuery,
): CompletionStatsData {
  const counted = within(learnerStatements(rows), since, until).filter(
    (row) => activityId === undefined || (activityIdOf(row) === activityId && !isOfSurvey(row)),
  );
  return {
    completion_rate: completionRate(counted),
    completed: completedPairs(counted),
    started: startedPairs(counted),
    total_statements: counted.length,
    unique_learners: learners(counted).length,
    approximate: {},
  };
}
