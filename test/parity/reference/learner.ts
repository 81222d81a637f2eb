import type { LearnerData, LearnerQuery } from '../../../functions/analytics/learning/contract.ts';
import { dayIn, nextDay } from './days.ts';
import {
  activityIdOf,
  completes,
  isOfSurvey,
  learnerStatements,
  nameOf,
  newestFirst,
  programOf,
  type Row,
  scaledOf,
  timeOf,
  verbOf,
  within,
} from './facts.ts';
import { averageScore, distinct, minutes, percent, secondsSpent } from './measures.ts';

export function learner(rows: readonly Row[], { learner: key, since, tz }: LearnerQuery, now: Date): LearnerData {
  const own = learnerStatements(rows).filter(({ agentKey }) => agentKey === key);
  const counted = within(own, since);
  const { total, completed, completion_rate } = progress(counted);
  const programs = distinct(counted.map(programOf));
  return {
    total_activities: total,
    completed_activities: completed,
    completion_rate,
    average_score: averageScore(counted),
    total_time_spent: minutes(secondsSpent(counted)),
    learning_streak: streak(
      own.map((row) => dayIn(timeOf(row), tz)),
      dayIn(now.getTime(), tz),
    ),
    recent_activities: newestFirst(counted.filter((row) => !isOfSurvey(row)))
      .slice(0, 10)
      .map((row) => ({
        activity_id: activityIdOf(row) ?? null,
        activity_name: nameOf(row) ?? null,
        verb: verbOf(row),
        timestamp: new Date(timeOf(row)).toISOString(),
        completion: row.body.result?.completion ?? null,
        success: row.body.result?.success ?? null,
        score_scaled: scaledOf(row) ?? null,
      })),
    progress_by_program: Object.fromEntries(
      programs.map((program) => [program, progress(counted.filter((row) => programOf(row) === program))]),
    ),
    approximate: {},
  };
}

function progress(rows: readonly Row[]) {
  const total = distinct(rows.map(activityIdOf)).length;
  const completed = distinct(rows.filter(completes).map(activityIdOf)).length;
  return { total, completed, completion_rate: percent(completed, total) };
}

function streak(days: readonly string[], today: string): number {
  const count = (day: string): number => (days.includes(day) ? 1 + count(nextDay(day, -1)) : 0);
  return count(today) || count(nextDay(today, -1));
}
