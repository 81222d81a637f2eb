import type { TopPerformersData, TopPerformersQuery } from '../../../functions/analytics/learning/contract.ts';
import {
  activityIdOf,
  categoryOf,
  completes,
  isOfSurvey,
  learnerStatements,
  pairOf,
  type Row,
  scaledOf,
  within,
} from './facts.ts';
import { distinct, groupBy, known, mean, percent, round } from './measures.ts';

const days = { '30d': 30, '90d': 90, '180d': 180, '1y': 365 } as const;

export function topPerformers(
  rows: readonly Row[],
  { period, limit, category = 'all' }: TopPerformersQuery,
  now: Date,
): TopPerformersData {
  const since = new Date(now.getTime() - days[period] * 86_400_000);
  const counted = within(learnerStatements(rows), since, now).filter(
    (row) => pairOf(row) !== undefined && (category === 'all' || (categoryOf(row) === category && !isOfSurvey(row))),
  );
  const learners = [...groupBy(counted, ({ agentKey }) => String(agentKey))]
    .map(([agent_key, own]) => ({
      agent_key,
      activities: distinct(own.map(activityIdOf)).length,
      completed: distinct(own.filter(completes).map(activityIdOf)).length,
      scored: distinct(own.filter((row) => scaledOf(row) !== undefined).map(activityIdOf)).length,
      score: mean(known(own.map(scaledOf))) ?? 0,
    }))
    .filter(({ scored }) => scored >= 5);
  const rates = zScores(learners.map(({ completed, activities }) => completed / activities));
  const scores = zScores(learners.map(({ score }) => score));
  const numbers = zScores(learners.map(({ activities }) => activities));
  const all = learners
    .map(({ agent_key, activities, completed, scored, score }, index) => {
      const [rate = 0, average = 0, number = 0] = [rates[index], scores[index], numbers[index]];
      return {
        agent_key,
        overall_score: round((rate + average + number) / 3, 6),
        components: { completion_rate: round(rate, 6), average_score: round(average, 6), activities: round(number, 6) },
        completion_rate: percent(completed, activities) ?? 0,
        average_score: round(score, 3),
        total_activities: activities,
        completed_activities: completed,
        scored_activities: scored,
      };
    })
    .sort((a, b) => b.overall_score - a.overall_score || (a.agent_key < b.agent_key ? -1 : 1))
    .map((learner, index) => ({ rank: index + 1, ...learner }));
  return {
    top_performers: all.slice(0, limit),
    total_analyzed: all.length,
    minimum_scored_activities: 5,
    category: category === 'all' ? null : category,
    time_period: period,
    since: since.toISOString(),
    until: now.toISOString(),
  };
}

function zScores(values: readonly number[]): number[] {
  const middle = mean(values) ?? 0;
  const deviation = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) ?? 0);
  return values.map((value) => (deviation < 1e-12 ? 0 : (value - middle) / deviation));
}
