import { activity } from './activity.ts';
import { completionStats } from './completion-stats.ts';
import type { LearningNumbers } from './contract.ts';
import { dashboard } from './dashboard.ts';
import { learner } from './learner.ts';
import { overview } from './overview.ts';
import { topPerformers } from './top-performers.ts';
import { trends } from './trends.ts';

/** The numbers of learning, from the index. */
export const learningNumbers: LearningNumbers = {
  overview,
  completionStats,
  learner,
  activity,
  trends,
  dashboard,
  topPerformers,
};
