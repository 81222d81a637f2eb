import type { OverviewData, OverviewQuery } from '../../../functions/analytics/learning/contract.ts';
import { countsPerDay, dayIn, everyDay, nextDay } from './days.ts';
import { activityIdOf, learnerStatements, type Row, timeOf, typeOf, verbOf, within } from './facts.ts';
import { averageScore, completionRate, distinct, groupBy, known, learners } from './measures.ts';

export function overview(rows: readonly Row[], { since, until, tz }: OverviewQuery, now: Date): OverviewData {
  const counted = within(learnerStatements(rows), since, until);
  return {
    total_statements: counted.length,
    unique_learners: learners(counted).length,
    unique_activities: distinct(counted.map(activityIdOf)).length,
    completion_rate: completionRate(counted),
    average_score: averageScore(counted),
    daily_activity: countsPerDay(counted, listedDays(counted, { since, until, tz }, now), tz),
    top_verbs: mostFrequent(counted.map(verbOf)).map(([verb, count]) => ({ verb, count })),
    activity_types: mostFrequent(known(counted.map(typeOf))).map(([type, count]) => ({ type, count })),
    approximate: {},
  };
}

function listedDays(counted: readonly Row[], { since, until, tz }: OverviewQuery, now: Date): string[] {
  const times = counted.map(timeOf);
  if (since === undefined && times.length === 0) return [];
  const start = since?.getTime() ?? times.reduce((first, time) => Math.min(first, time));
  const end = until === undefined ? now.getTime() : Math.min(now.getTime(), until.getTime() - 1);
  const last = dayIn(end, tz);
  const [first = last] = [dayIn(start, tz), nextDay(last, -3_659)].sort().toReversed();
  return everyDay(first, last);
}

function mostFrequent(values: readonly string[]): [string, number][] {
  return [...groupBy(values, (value) => value)]
    .map(([value, all]): [string, number] => [value, all.length])
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, 10);
}
