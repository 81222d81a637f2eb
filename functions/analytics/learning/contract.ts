import type { ReadingStores } from '../stores.ts';
import type {
  ActivityData,
  CompletionStatsData,
  DashboardData,
  LearnerData,
  OverviewData,
  TopPerformersData,
  TrendsData,
} from './contract/answers.ts';
import type {
  ActivityQuery,
  CompletionStatsQuery,
  DashboardQuery,
  LearnerQuery,
  OverviewQuery,
  TopPerformersQuery,
  TrendsQuery,
} from './contract/queries.ts';

export * from './contract/answers.ts';
export * from './contract/queries.ts';

/**
 * The numbers of learning: everything the analytics routes answer that is no survey figure. Each answer is read from the
 * index in one search or multi-search (`topPerformers`, and what tells more than 10,000 things apart: two).
 * Each throws TransientError where the index cannot be asked now, ConfigurationError where people must act.
 */
export interface LearningNumbers {
  overview(stores: ReadingStores, query: OverviewQuery): Promise<OverviewData>;
  completionStats(stores: ReadingStores, query: CompletionStatsQuery): Promise<CompletionStatsData>;
  learner(stores: ReadingStores, query: LearnerQuery): Promise<LearnerData>;
  activity(stores: ReadingStores, query: ActivityQuery): Promise<ActivityData>;
  trends(stores: ReadingStores, query: TrendsQuery): Promise<TrendsData>;
  dashboard(stores: ReadingStores, query: DashboardQuery): Promise<DashboardData>;
  topPerformers(stores: ReadingStores, query: TopPerformersQuery): Promise<TopPerformersData>;
}
