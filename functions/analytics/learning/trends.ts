import { z } from 'zod';
import { dayOf, daysFrom } from '../days.ts';
import { type Found, type SearchBody, searchAll } from '../search/ask.ts';
import { countOf, distinct, distinctAnswer, estimates, rateOf } from '../search/distinct.ts';
import { dayCounts, metric } from '../search/metrics.ts';
import type { ReadingStores } from '../stores.ts';
import { completing, during, learnerNumbers } from './base.ts';
import type { TrendMetric, TrendsData, TrendsQuery } from './contract.ts';
import { dayHistogram, zeroFilled } from './daily-activity.ts';
import { scoreOf } from './overview.ts';
import { type Span, spansOf } from './trend-spans.ts';
import { trendOf } from './trend-test.ts';

interface TimeSpan {
  readonly start: Date;
  readonly end: Date;
}

const averageScore = { avg: { field: 'score_scaled' } };
const completion = { started: distinct('pair'), completed: distinct('pair', completing) };

/** How a metric is asked for, and read, of one day or hour. */
const metrics: Readonly<Record<TrendMetric, { aggs: object; value(found: Found): Value }>> = {
  activity: { aggs: {}, value: ({ total }) => ({ value: total, exact: true }) },
  scores: {
    aggs: { average_score: averageScore },
    value: ({ aggregations }) => ({
      value: scoreOf(z.object({ average_score: metric }).parse(aggregations).average_score),
      exact: true,
    }),
  },
  engagement: {
    aggs: { learners: distinct('agent_key') },
    value: ({ aggregations }) => countOf(z.object({ learners: distinctAnswer }).parse(aggregations).learners),
  },
  completion: {
    aggs: completion,
    value({ aggregations }) {
      const { started, completed } = z
        .object({ started: distinctAnswer, completed: distinctAnswer })
        .parse(aggregations);
      return rateOf(countOf(completed), countOf(started));
    },
  },
};

interface Value {
  readonly value: number | null;
  readonly exact: boolean;
}

/** One search for the whole window, and one for each of its days or hours: so no search counts more than one day's distinct things. */
export function trendsBodies(query: TrendsQuery, spans: readonly Span[], window: TimeSpan): readonly SearchBody[] {
  const body = ({ start, end }: TimeSpan, aggs: object) => ({
    size: 0,
    track_total_hits: true,
    query: learnerNumbers(during({ since: start, until: end })),
    aggs,
  });
  return [
    body(window, {
      unique_learners: distinct('agent_key'),
      ...completion,
      average_score: averageScore,
      days: { date_histogram: dayHistogram(query.tz) },
    }),
    ...spans.map((span) => body(span, metrics[query.metric].aggs)),
  ];
}

const answer = z.object({
  unique_learners: distinctAnswer,
  started: distinctAnswer,
  completed: distinctAnswer,
  average_score: metric,
  days: dayCounts,
});

export function trendsData(
  { period, metric: name, tz }: TrendsQuery,
  spans: readonly Span[],
  { start, end }: TimeSpan,
  [whole, ...each]: readonly Found[],
): TrendsData {
  const found = answer.parse(whole?.aggregations ?? {});
  const learners = countOf(found.unique_learners);
  const rate = rateOf(countOf(found.completed), countOf(found.started));
  const values = each.map((one) => metrics[name].value(one));
  const series = spans.map((span, position) => ({
    start: span.start.toISOString(),
    value: values[position]?.value ?? null,
    whole: span.whole,
  }));
  const samples = series.flatMap(({ value, whole: isWhole }) => (isWhole && value !== null ? [value] : []));
  const exact = values.every((value) => value.exact);
  const lastDay = dayOf(new Date(Math.max(start.getTime(), end.getTime() - 1)), tz);
  return {
    period,
    metric: name,
    since: start.toISOString(),
    until: end.toISOString(),
    series,
    daily_activity: zeroFilled(daysFrom(dayOf(start, tz), lastDay), found.days.buckets),
    summary: {
      total_statements: whole?.total ?? 0,
      unique_learners: learners.value,
      completion_rate: rate.value,
      average_score: scoreOf(found.average_score),
    },
    ...trendOf(samples),
    approximate: {
      ...estimates({ counts: { unique_learners: learners }, rates: { completion_rate: rate } }),
      ...estimates(
        name === 'completion' ? { rates: { series: { exact } } } : { counts: { series: { value: 0, exact } } },
      ),
    },
  };
}

/** How a metric changed. One request of several searches, 366 at most. */
export async function trends({ search: client, now }: ReadingStores, query: TrendsQuery): Promise<TrendsData> {
  const end = now();
  const spans = spansOf(query, end);
  const window = { start: spans[0]?.start ?? end, end };
  const found = await searchAll(client, trendsBodies(query, spans, window));
  return trendsData(query, spans, window, found);
}
