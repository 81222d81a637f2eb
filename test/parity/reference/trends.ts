import type { TrendMetric, TrendsData, TrendsQuery } from '../../../functions/analytics/learning/contract.ts';
import { countsPerDay, dayIn, everyDay, firstMomentOf, nextDay } from './days.ts';
import { learnerStatements, type Row, within } from './facts.ts';
import { averageScore, completionRate, known, learners, mean, round } from './measures.ts';
import { welch } from './welch.ts';

const days = { '7d': 7, '30d': 30, '90d': 90, '1y': 365 } as const;
const hour = 3_600_000;

const values: Readonly<Record<TrendMetric, (rows: readonly Row[]) => number | null>> = {
  completion: completionRate,
  engagement: (rows) => learners(rows).length,
  scores: averageScore,
  activity: (rows) => rows.length,
};

export function trends(rows: readonly Row[], { period, metric, tz }: TrendsQuery, now: Date): TrendsData {
  const starts = period === '1d' ? hoursBefore(now) : daysBefore(days[period], tz, now);
  const since = new Date(starts[0] ?? 0);
  const counted = within(learnerStatements(rows), since, now);
  const series = starts.map((start, index) => {
    const end = new Date(starts[index + 1] ?? now.getTime());
    return {
      start: new Date(start).toISOString(),
      value: values[metric](within(counted, new Date(start), end)),
      whole: index < starts.length - 1,
    };
  });
  const samples = known(series.filter(({ whole }) => whole).map(({ value }) => value));
  const earlier = samples.slice(0, Math.floor(samples.length / 2));
  const later = samples.slice(earlier.length);
  const [before, after] = [mean(earlier), mean(later)];
  const p = earlier.length < 2 || later.length < 2 ? null : welch(earlier, later);
  const significant = p !== null && p < 0.05;
  const listed = everyDay(dayIn(since.getTime(), tz), dayIn(now.getTime() - 1, tz));
  return {
    period,
    metric,
    since: since.toISOString(),
    until: now.toISOString(),
    series,
    daily_activity: countsPerDay(counted, listed, tz),
    summary: {
      total_statements: counted.length,
      unique_learners: learners(counted).length,
      completion_rate: completionRate(counted),
      average_score: averageScore(counted),
    },
    change: {
      earlier_mean: before === null ? null : round(before, 6),
      later_mean: after === null ? null : round(after, 6),
      percent:
        before === null || after === null || before === 0
          ? null
          : round((100 * (after - before)) / Math.abs(before), 2),
      direction: !significant ? 'steady' : Number(after) > Number(before) ? 'up' : 'down',
    },
    significance: {
      test: 'welch-t-two-sided',
      samples_earlier: earlier.length,
      samples_later: later.length,
      p_value: p === null ? null : round(p, 6),
      significant,
    },
    approximate: {},
  };
}

function hoursBefore(now: Date): number[] {
  const current = now.getTime() - (now.getTime() % hour);
  return Array.from({ length: 25 }, (_, index) => current - (24 - index) * hour);
}

function daysBefore(count: number, tz: string, now: Date): number[] {
  const today = dayIn(now.getTime(), tz);
  return everyDay(nextDay(today, -count), today).map((day) => firstMomentOf(day, tz));
}
