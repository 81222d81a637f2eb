/** Statements whose timestamp lies in [since, until); a side that is missing is open. */
export interface Window {
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** An IANA time zone that days are counted in, as `canonicalTimeZone` returns it. */
export interface InTimeZone {
  readonly tz: string;
}

export interface OverviewQuery extends Window, InTimeZone {}

export interface CompletionStatsQuery extends Window {
  /** IRI; without one all activities. */
  readonly activityId?: string | undefined;
}

export interface LearnerQuery extends InTimeZone {
  /** Agent key of the learner. */
  readonly learner: string;
  readonly since?: Date | undefined;
}

export interface ActivityQuery {
  /** IRI. */
  readonly activityId: string;
  readonly since?: Date | undefined;
}

export const trendPeriods = ['1d', '7d', '30d', '90d', '1y'] as const;
export type TrendPeriod = (typeof trendPeriods)[number];

export const trendMetrics = ['completion', 'engagement', 'scores', 'activity'] as const;
export type TrendMetric = (typeof trendMetrics)[number];

export interface TrendsQuery extends InTimeZone {
  readonly period: TrendPeriod;
  readonly metric: TrendMetric;
}

export const dashboardRoles = ['learner', 'instructor', 'admin'] as const;
export type DashboardRole = (typeof dashboardRoles)[number];

export interface DashboardQuery extends InTimeZone {
  readonly role: DashboardRole;
  readonly since?: Date | undefined;
  /** Agent key of whom role `learner` is about; null for one of whom no statement is known. */
  readonly learner: string | null;
  /** Whether who asks may see numbers of the whole platform. */
  readonly platform: boolean;
}

export const performancePeriods = ['30d', '90d', '180d', '1y'] as const;
export type PerformancePeriod = (typeof performancePeriods)[number];

export interface TopPerformersQuery {
  readonly period: PerformancePeriod;
  /** How many are returned, 1..100. */
  readonly limit: number;
  /** Only statements of this category that are not about surveys; without one, or with `all`, every statement. */
  readonly category?: string | undefined;
}
