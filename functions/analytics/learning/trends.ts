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

interface Value {
  readonly value: number | null;
  readonly exact: boolean;
}

/** How a metric is asked for, and read, of one day or hour. */
interface Metric {
  readonly aggs: object;
  /** Days or hours that one search counts: as many as have no more than the 65,535 buckets that the engine allows. */
  readonly spansOfSearch: number;
  value(bucket: unknown): Value;
}

const averageScore = { avg: { field: 'score_scaled' } };
const completion = { started: distinct('pair'), completed: distinct('pair', completing) };

const metrics: Readonly<Record<TrendMetric, Metric>> = {
  activity: {
    aggs: {},
    spansOfSearch: 1_000,
    value: (bucket) => ({ value: z.object({ doc_count: z.number() }).parse(bucket).doc_count, exact: true }),
  },
  scores: {
    aggs: { average_score: averageScore },
    spansOfSearch: 1_000,
    value: (bucket) => ({
      value: scoreOf(z.object({ average_score: metric }).parse(bucket).average_score),
      exact: true,
    }),
  },
  engagement: {
    aggs: { learners: distinct('agent_key') },
    spansOfSearch: 6,
    value: (bucket) => countOf(z.object({ learners: distinctAnswer }).parse(bucket).learners),
  },
  completion: {
    aggs: completion,
    spansOfSearch: 3,
    value(bucket) {
      const { started, completed } = z.object({ started: distinctAnswer, completed: distinctAnswer }).parse(bucket);
      return rateOf(countOf(completed), countOf(started));
    },
  },
};

/** One search for the whole window, then as many as the metric's days or hours need. */
export function trendsBodies(query: TrendsQuery, spans: readonly Span[], window: TimeSpan): readonly SearchBody[] {
  const body = ({ start, end }: TimeSpan, aggs: object) => ({
    size: 0,
    track_total_hits: true,
    query: learnerNumbers(during({ since: start, until: end })),
    aggs,
  });
  const { aggs, spansOfSearch } = metrics[query.metric];
  const ofWindow = body(window, {
    unique_learners: distinct('agent_key'),
    ...completion,
    average_score: averageScore,
    days: { date_histogram: dayHistogram(query.tz) },
  });
  const ofSpans = groupsOf(spans, spansOfSearch).map((group) => {
    const [first = window, last = first] = [group[0], group.at(-1)];
    const ranges = group.map(({ start, end }) => ({ from: start.toISOString(), to: end.toISOString() }));
    return body(
      { start: first.start, end: last.end },
      { spans: { date_range: { field: 'timestamp', ranges }, ...(Object.keys(aggs).length === 0 ? {} : { aggs }) } },
    );
  });
  return [ofWindow, ...ofSpans];
}

function groupsOf<T>(values: readonly T[], size: number): readonly T[][] {
  const groups: T[][] = [];
  for (let start = 0; start < values.length; start += size) groups.push(values.slice(start, start + size));
  return groups;
}

const spansAnswer = z.object({ spans: z.object({ buckets: z.array(z.unknown()).default([]) }).prefault({}) });
const nothing = { doc_count: 0 };

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
  [whole, ...groups]: readonly Found[],
): TrendsData {
  const found = answer.parse(whole?.aggregations ?? {});
  const learners = countOf(found.unique_learners);
  const rate = rateOf(countOf(found.completed), countOf(found.started));
  const buckets = groups.flatMap(({ aggregations }) => spansAnswer.parse(aggregations).spans.buckets);
  const values = spans.map((_, position) => metrics[name].value(buckets[position] ?? nothing));
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
      ...estimates(name === 'completion' ? { rates: { series: { exact } } } : { counts: { series: { exact } } }),
    },
  };
}

/** How a metric changed. One request of several searches: 2 for what needs no distinct counts, else 123 at most. */
export async function trends({ search: client, now }: ReadingStores, query: TrendsQuery): Promise<TrendsData> {
  const end = now();
  const spans = spansOf(query, end);
  const window = { start: spans[0]?.start ?? end, end };
  const found = await searchAll(client, trendsBodies(query, spans, window));
  return trendsData(query, spans, window, found);
}
