import { type SearchBody, searchAll } from '../search/ask.ts';
import type { ReadingStores } from '../stores.ts';
import type { DashboardData, DashboardQuery, LearnerData, OverviewData } from './contract.ts';
import { learnerBody, learnerData } from './learner.ts';
import { overviewBody, overviewData } from './overview.ts';

const mostRecent = 5;

/** What a role's dashboard shows. One request of at most two searches. */
export async function dashboard(stores: ReadingStores, query: DashboardQuery): Promise<DashboardData> {
  const now = stores.now();
  const { role, since, tz, platform } = query;
  const window = { since, tz };
  const own = role === 'learner' && query.learner !== null ? { ...window, learner: query.learner } : null;
  const bodies: SearchBody[] = [];
  if (platform) bodies.push(overviewBody(window, now));
  if (own !== null) bodies.push(learnerBody(own, now));
  const found = bodies.length === 0 ? [] : await searchAll(stores.search, bodies);
  const ofPlatform = platform ? found[0] : undefined;
  const ofLearner = own === null ? undefined : found.at(-1);
  const overview = ofPlatform === undefined ? null : overviewData(ofPlatform, window, now);
  return {
    role,
    platform_overview: overview,
    ...(role === 'learner'
      ? {
          learner_analytics: learnerPart(
            ofLearner === undefined || own === null ? null : learnerData(ofLearner, own, now),
          ),
        }
      : {}),
    ...(overview === null ? {} : staffPart(role, overview)),
  };
}

/** A learner's part; of one of whom no statement is known, that of nobody. */
function learnerPart(data: LearnerData | null): NonNullable<DashboardData['learner_analytics']> {
  return {
    total_activities: data?.total_activities ?? 0,
    completed_activities: data?.completed_activities ?? 0,
    completion_rate: data?.completion_rate ?? null,
    average_score: data?.average_score ?? null,
    learning_streak: data?.learning_streak ?? 0,
    recent_activities: data?.recent_activities.slice(0, mostRecent) ?? [],
  };
}

function staffPart(role: DashboardQuery['role'], overview: OverviewData): Partial<DashboardData> {
  const { completion_rate, unique_learners: total_learners, unique_activities: total_activities } = overview;
  switch (role) {
    case 'learner':
      return {};
    case 'instructor':
      return { instructor_analytics: { completion_rate, total_learners } };
    case 'admin':
      return { admin_analytics: { completion_stats: { completion_rate, total_learners, total_activities } } };
  }
}
