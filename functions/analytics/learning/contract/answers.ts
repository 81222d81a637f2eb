import { z } from 'zod';
import { dashboardRoles, performancePeriods, trendMetrics, trendPeriods } from './queries.ts';
import { approximate, averageScore, count, dailyActivity, date, instant, percent } from './values.ts';

const completionRate = percent(
  'Distinct pairs of learner and activity with a completion (verb completed or passed, or `result.completion` true) among all pairs of the window.',
);
const learners = count('Distinct learners of the window.');
const statements = count(
  'Statements of the window: of learning, and of surveys started or completed; not of account `system`, none that is voided or that voids another.',
);

/** GET /api/analytics/overview. Window: [since, until). */
export const overviewData = z.strictObject({
  total_statements: statements,
  unique_learners: learners,
  unique_activities: count('Distinct activities of the window.'),
  completion_rate: completionRate,
  average_score: averageScore,
  daily_activity: dailyActivity,
  top_verbs: z
    .array(z.strictObject({ verb: z.string().describe('IRI.'), count: count('Statements with it.') }))
    .max(10)
    .describe('The ten verbs with most statements; ties by IRI.'),
  activity_types: z
    .array(z.strictObject({ type: z.string().describe('IRI.'), count: count('Statements that state it.') }))
    .max(10)
    .describe('The ten activity types that most statements state; ties by IRI.'),
  approximate,
});
export type OverviewData = z.infer<typeof overviewData>;

/** GET /api/analytics/completion-stats. Window: [since, until). Of one activity: without statements about surveys. */
export const completionStatsData = z.strictObject({
  completion_rate: completionRate,
  completed: count('Distinct pairs of learner and activity with a completion.'),
  started: count('Distinct pairs of learner and activity.'),
  total_statements: statements,
  unique_learners: learners,
  approximate,
});
export type CompletionStatsData = z.infer<typeof completionStatsData>;

const recentActivities = z
  .array(
    z.strictObject({
      activity_id: z.string().nullable().describe('IRI; null where the statement is about no activity.'),
      activity_name: z.string().nullable(),
      verb: z.string().describe('IRI.'),
      timestamp: instant('When it happened.'),
      completion: z.boolean().nullable(),
      success: z.boolean().nullable(),
      score_scaled: z.number().nullable(),
    }),
  )
  .max(10)
  .describe(
    'The latest learning statements since `since`, newest first, ties by statement id. Statements about surveys are not listed.',
  );

/**
 * GET /api/analytics/learner/{learner}, without who that is. Window: [since, ∞).
 * A learner of whom no statement is known has zeros, nulls and empty lists.
 */
export const learnerData = z.strictObject({
  total_activities: count('Distinct activities.'),
  completed_activities: count('Distinct activities with a completion.'),
  completion_rate: percent('`completed_activities` of `total_activities`.'),
  average_score: averageScore,
  total_time_spent: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      'Minutes, 2 decimals: the longest duration per activity and registration, each statement by itself without a registration; null where no statement states a duration.',
    ),
  learning_streak: count(
    'Consecutive days with a statement, in the requested time zone, that end today or yesterday, whatever `since`; 0 if none, 3,660 at most.',
  ),
  recent_activities: recentActivities,
  progress_by_program: z
    .record(
      z.string(),
      z.strictObject({
        total: count('Distinct activities.'),
        completed: count('Distinct activities with a completion.'),
        completion_rate: percent('`completed` of `total`.'),
      }),
    )
    .describe('By the program id that statements state; the 1,000 programs with most statements.'),
  approximate,
});
export type LearnerData = z.infer<typeof learnerData>;

/** GET /api/analytics/activity. Window: [since, ∞). Statements about surveys do not count: surveys have routes of their own. */
export const activityData = z.strictObject({
  activity_id: z.string().describe('IRI, as asked for.'),
  activity_name: z.string().nullable().describe('As its latest statement with a name states it, whatever `since`.'),
  activity_type: z
    .string()
    .nullable()
    .describe('IRI, as its latest statement with a type states it, whatever `since`.'),
  total_attempts: count(
    'Per learner the distinct registrations with an attempted or initialized statement, a missing registration counting as one; one for a learner who has none.',
  ),
  unique_learners: learners,
  completion_rate: percent('Distinct learners with a completion among all learners.'),
  average_score: averageScore,
  average_time_spent: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      'Minutes per learner, 2 decimals, over the learners with a duration: the sum of the longest duration per registration, each statement by itself without a registration; null where no statement states a duration.',
    ),
  difficulty_score: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      '1 − share of success among statements with `result.success` (which wins) or verb passed or failed, 3 decimals.',
    ),
  engagement_score: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Distinct learners with statements on two days (UTC) or more / distinct learners, 3 decimals.'),
});
export type ActivityData = z.infer<typeof activityData>;

/**
 * GET /api/analytics/trends. The series has 1, 7, 30, 90 or 365 whole days before today (1d: 24 whole hours before this
 * one) and, as its last point, today (this hour) so far. Samples are the whole days (hours) that have a value.
 */
export const trendsData = z.strictObject({
  period: z.enum(trendPeriods),
  metric: z.enum(trendMetrics),
  since: instant('Start of the first day (1d: hour) of the series.'),
  until: instant('Now: the end of the window.'),
  series: z.array(
    z.strictObject({
      start: instant('Start of the day, in the requested time zone, or of the hour.'),
      value: z
        .number()
        .nullable()
        .describe(
          'completion: completion rate in percent; engagement: distinct learners; scores: mean of `score.scaled`; activity: statements. Null where there is nothing to take it of.',
        ),
      whole: z.boolean().describe('False for the day or hour that is not over.'),
    }),
  ),
  daily_activity: z.array(z.strictObject({ date, count: count('Statements of the day in the window.') })),
  summary: z
    .strictObject({
      total_statements: statements,
      unique_learners: learners,
      completion_rate: completionRate,
      average_score: averageScore,
    })
    .describe('Numbers of the window.'),
  change: z.strictObject({
    earlier_mean: z.number().nullable().describe('Mean of the earlier half of the samples, 6 decimals.'),
    later_mean: z.number().nullable().describe('Mean of the later half, which has the middle one of an odd number.'),
    percent: z
      .number()
      .nullable()
      .describe(
        'Change of the later mean against the earlier, in percent of the earlier one’s size, 2 decimals; null if that is 0.',
      ),
    direction: z.enum(['up', 'down', 'steady']).describe('Steady unless p < 0.05.'),
  }),
  significance: z.strictObject({
    test: z.literal('welch-t-two-sided'),
    samples_earlier: count('Samples of the earlier half.'),
    samples_later: count('Samples of the later half.'),
    p_value: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('6 decimals; null under two samples a side. Without any variance: 1 for equal means, else 0.'),
    significant: z.boolean().describe('p < 0.05.'),
  }),
  approximate,
});
export type TrendsData = z.infer<typeof trendsData>;

const learnerPart = learnerData.pick({
  total_activities: true,
  completed_activities: true,
  completion_rate: true,
  average_score: true,
  learning_streak: true,
  recent_activities: true,
});

/** GET /api/analytics/dashboard. Window: [since, ∞). Only the asked role's part is there. */
export const dashboardData = z.strictObject({
  role: z.enum(dashboardRoles),
  platform_overview: overviewData.nullable().describe('Null for those who may see only themselves.'),
  learner_analytics: learnerPart.optional().describe('Role learner: of who asks, with the 5 latest statements.'),
  instructor_analytics: z
    .strictObject({ completion_rate: completionRate, total_learners: learners })
    .optional()
    .describe('Role instructor.'),
  admin_analytics: z
    .strictObject({
      completion_stats: z.strictObject({
        completion_rate: completionRate,
        total_learners: learners,
        total_activities: count('Distinct activities of the window.'),
      }),
    })
    .optional()
    .describe('Role admin.'),
});
export type DashboardData = z.infer<typeof dashboardData>;

const zScore = (of: string) =>
  z
    .number()
    .describe(
      `${of}: distance from the mean of all ranked learners in population deviations, 6 decimals; 0 where the deviation is 0.`,
    );

/**
 * GET /api/analytics/top-performers and /{category}. Window: the period's days before now, up to now.
 * A statement's category is its `ext:activity_type`, else the last segment of its activity's type.
 */
export const topPerformersData = z.strictObject({
  top_performers: z.array(
    z.strictObject({
      rank: z.int().positive().describe('By `overall_score`; ties by agent key.'),
      agent_key: z.string().describe('Who it is, without a name.'),
      overall_score: z.number().describe('Mean of the three components, 6 decimals.'),
      components: z.strictObject({
        completion_rate: zScore('Completion rate'),
        average_score: zScore('Average score'),
        activities: zScore('Number of activities'),
      }),
      completion_rate: z.number().min(0).max(100).describe('Completed of all activities, in percent, 2 decimals.'),
      average_score: z.number().min(-1).max(1).describe('Mean of `score.scaled`, 3 decimals.'),
      total_activities: count('Distinct activities.'),
      completed_activities: count('Distinct activities with a completion.'),
      scored_activities: count('Distinct activities with a scaled score.'),
    }),
  ),
  total_analyzed: count('Learners that were ranked: those with at least `minimum_scored_activities`.'),
  minimum_scored_activities: z.literal(5),
  category: z.string().nullable().describe('Null for all.'),
  time_period: z.enum(performancePeriods),
  since: instant('Start of the window.'),
  until: instant('End of the window.'),
});
export type TopPerformersData = z.infer<typeof topPerformersData>;
