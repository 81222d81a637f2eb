import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  activityData,
  completionStatsData,
  dashboardData,
  dashboardRoles,
  learnerData,
  overviewData,
  performancePeriods,
  topPerformersData,
  trendMetrics,
  trendPeriods,
  trendsData,
} from '../../functions/analytics/learning/contract.ts';
import { learningNumbers } from '../../functions/analytics/learning/index.ts';
import { activity } from './reference/activity.ts';
import { completionStats } from './reference/completion-stats.ts';
import { dashboard } from './reference/dashboard.ts';
import { activityIdOf, isOfSurvey, learnerStatements, timeOf } from './reference/facts.ts';
import { learner } from './reference/learner.ts';
import { distinct, learners } from './reference/measures.ts';
import { overview } from './reference/overview.ts';
import { topPerformers } from './reference/top-performers.ts';
import { trends } from './reference/trends.ts';
import { type DataSet, openDataSet, seeds } from './support/data-set.ts';

/** Some statements of every data set are of later days. */
const now = new Date('2026-11-08T15:20:30.400Z');

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati'];
const windows = [
  {},
  { since: new Date('2026-03-29T00:30:00Z') },
  { until: new Date('2026-10-25T01:00:00.001Z') },
  { since: new Date('2026-10-20T22:00:00Z'), until: new Date('2026-11-02T05:00:00Z') },
  { since: new Date('2026-11-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') },
  { since: new Date('2027-01-01T00:00:00Z') },
  { since: new Date('2010-01-01T00:00:00Z'), until: new Date('2010-02-01T00:00:00Z') },
];
const sinces = [undefined, new Date('2026-08-15T10:00:00Z')];

describe.each(seeds)('numbers of data set %i', (seed) => {
  let set: DataSet;
  beforeAll(async () => {
    set = await openDataSet(seed, now);
  });
  afterAll(() => set.close());

  it('overview', async () => {
    for (const tz of zones) {
      for (const window of windows) {
        const query = { ...window, tz };
        const answer = await learningNumbers.overview(set.stores, query);
        expect(overviewData.parse(answer), JSON.stringify(query)).toEqual(overview(set.rows, query, now));
      }
    }
  });

  it('completion stats, of all and of single activities', async () => {
    const { activities, surveys } = subjects(set);
    const ids = [undefined, ...activities.slice(0, 4), ...surveys.slice(0, 2), 'http://example.org/unknown'];
    for (const activityId of ids) {
      for (const window of windows) {
        const query = { ...window, activityId };
        const answer = await learningNumbers.completionStats(set.stores, query);
        expect(completionStatsData.parse(answer), JSON.stringify(query)).toEqual(completionStats(set.rows, query));
      }
    }
  });

  it('learners', async () => {
    for (const key of subjects(set).learners.slice(0, 16)) {
      for (const tz of ['UTC', 'Pacific/Kiritimati']) {
        for (const since of sinces) {
          const query = { learner: key, tz, since };
          const answer = await learningNumbers.learner(set.stores, query);
          expect(learnerData.parse(answer), JSON.stringify(query)).toEqual(learner(set.rows, query, now));
        }
      }
    }
  });

  it('activities', async () => {
    const { activities, surveys } = subjects(set);
    for (const activityId of [...activities.slice(0, 16), ...surveys.slice(0, 2), 'http://example.org/unknown']) {
      for (const since of sinces) {
        const query = { activityId, since };
        const answer = await learningNumbers.activity(set.stores, query);
        expect(activityData.parse(answer), JSON.stringify(query)).toEqual(activity(set.rows, query));
      }
    }
  });

  it('trends', async () => {
    for (const period of trendPeriods) {
      for (const metric of trendMetrics) {
        const tz = zones[(trendMetrics.indexOf(metric) + seed) % zones.length] ?? 'UTC';
        const query = { period, metric, tz };
        const { significance, ...answer } = trendsData.parse(await learningNumbers.trends(set.stores, query));
        const { significance: expected, ...rest } = trends(set.rows, query, now);
        expect(answer, JSON.stringify(query)).toEqual(rest);
        expect({ ...significance, p_value: null }).toEqual({ ...expected, p_value: null });
        // The reference integrates numerically.
        if (expected.p_value === null) expect(significance.p_value).toBeNull();
        else expect(significance.p_value).toBeCloseTo(expected.p_value, 5);
      }
    }
  });

  it('dashboards', async () => {
    const [own = ''] = subjects(set).learners;
    for (const role of dashboardRoles) {
      for (const platform of [true, false]) {
        for (const since of sinces) {
          const query = { role, platform, since, tz: 'Europe/Berlin', learner: platform ? own : null };
          const answer = await learningNumbers.dashboard(set.stores, query);
          expect(dashboardData.parse(answer), JSON.stringify(query)).toEqual(dashboard(set.rows, query, now));
        }
      }
    }
  });

  it('top performers', async () => {
    for (const period of performancePeriods) {
      for (const category of [undefined, 'all', 'lesson', 'course', 'survey', 'nothing']) {
        for (const limit of [3, 100]) {
          const query = { period, category, limit };
          const answer = await learningNumbers.topPerformers(set.stores, query);
          expect(topPerformersData.parse(answer), JSON.stringify(query)).toEqual(topPerformers(set.rows, query, now));
        }
      }
    }
  });
});

/** What to ask about, in the order of their first statements. */
function subjects({ rows }: DataSet) {
  const counted = learnerStatements(rows).toSorted((a, b) => timeOf(a) - timeOf(b));
  return {
    learners: learners(counted),
    activities: distinct(counted.filter((row) => !isOfSurvey(row)).map(activityIdOf)),
    surveys: distinct(counted.filter(isOfSurvey).map(activityIdOf)),
  };
}
