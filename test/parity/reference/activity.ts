import type { ActivityData, ActivityQuery } from '../../../functions/analytics/learning/contract.ts';
import { dayIn } from './days.ts';
import {
  activityIdOf,
  completes,
  isOfSurvey,
  isVerb,
  learnerStatements,
  nameOf,
  newestFirst,
  type Row,
  registrationOf,
  timeOf,
  typeOf,
  within,
} from './facts.ts';
import { averageScore, distinct, groupBy, known, minutes, percent, round, secondsSpent, sum } from './measures.ts';

export function activity(rows: readonly Row[], { activityId, since }: ActivityQuery): ActivityData {
  const all = learnerStatements(rows).filter((row) => activityIdOf(row) === activityId && !isOfSurvey(row));
  const counted = within(all, since);
  const ofLearners = counted.filter(({ agentKey }) => agentKey !== null);
  const byLearner = [...groupBy(ofLearners, ({ agentKey }) => String(agentKey)).values()];
  const spent = known(byLearner.map(secondsSpent));
  const judged = known(counted.map(succeeded));
  const active = byLearner.filter((own) => distinct(own.map((row) => dayIn(timeOf(row), 'UTC'))).length >= 2);
  return {
    activity_id: activityId,
    activity_name: known(newestFirst(all).map(nameOf))[0] ?? null,
    activity_type: known(newestFirst(all).map(typeOf))[0] ?? null,
    total_attempts: sum(byLearner.map(attempts)),
    unique_learners: byLearner.length,
    completion_rate: percent(byLearner.filter((own) => own.some(completes)).length, byLearner.length),
    average_score: averageScore(counted),
    average_time_spent: spent.length === 0 ? null : minutes(sum(spent) / spent.length),
    difficulty_score: judged.length === 0 ? null : round(1 - judged.filter(Boolean).length / judged.length, 3),
    engagement_score: byLearner.length === 0 ? null : round(active.length / byLearner.length, 3),
  };
}

/** Of one learner's statements. */
function attempts(own: readonly Row[]): number {
  const trying = own.filter((row) => isVerb(row, 'attempted', 'initialized'));
  return Math.max(1, distinct(trying.map((row) => registrationOf(row) ?? 'none')).length);
}

function succeeded(row: Row): boolean | undefined {
  return row.body.result?.success ?? (isVerb(row, 'passed') ? true : isVerb(row, 'failed') ? false : undefined);
}
