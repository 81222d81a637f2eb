import type { DashboardData, DashboardQuery } from '../../../functions/analytics/learning/contract.ts';
import type { Row } from './facts.ts';
import { learner } from './learner.ts';
import { overview } from './overview.ts';

export function dashboard(rows: readonly Row[], query: DashboardQuery, now: Date): DashboardData {
  const { role, since, tz, platform } = query;
  const all = platform ? overview(rows, { since, tz }, now) : null;
  const own = learner(rows, { learner: query.learner ?? '', since, tz }, now);
  return {
    role,
    platform_overview: all,
    ...(role === 'learner' && {
      learner_analytics: {
        total_activities: own.total_activities,
        completed_activities: own.completed_activities,
        completion_rate: own.completion_rate,
        average_score: own.average_score,
        learning_streak: own.learning_streak,
        recent_activities: own.recent_activities.slice(0, 5),
      },
    }),
    ...(role === 'instructor' &&
      all !== null && {
        instructor_analytics: { completion_rate: all.completion_rate, total_learners: all.unique_learners },
      }),
    ...(role === 'admin' &&
      all !== null && {
        admin_analytics: {
          completion_stats: {
            completion_rate: all.completion_rate,
            total_learners: all.unique_learners,
            total_activities: all.unique_activities,
          },
        },
      }),
  };
}
