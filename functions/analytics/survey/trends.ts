import { trendOf } from '../learning/trend-test.ts';
import { rounded } from '../rounded.ts';
import type { TrendFigures } from './figures.ts';
import type { QuestionFacts } from './question.ts';
import type { DailySum } from './read.ts';
import { isNumeric, scaleTypeOf } from './scale.ts';

const classifications = { up: 'trending_up', down: 'trending_down', steady: 'steady' } as const;

/** Trends of the questions whose answers are numbers, by question id; the sums come in order of question and day. */
export function trendsOf(
  sums: readonly DailySum[],
  facts: ReadonlyMap<string, QuestionFacts>,
): Record<string, TrendFigures> {
  const daily = new Map<string, DailySum[]>();
  for (const sum of sums) {
    const fact = facts.get(sum.questionId);
    if (fact === undefined || !isNumeric(scaleTypeOf(fact.questionType))) continue;
    daily.set(sum.questionId, [...(daily.get(sum.questionId) ?? []), sum]);
  }
  return Object.fromEntries([...daily].map(([questionId, days]) => [questionId, trendFigures(days)]));
}

function trendFigures(days: readonly DailySum[]): TrendFigures {
  const { change, significance } = trendOf(days.map(({ total, answered }) => total / answered));
  return {
    series: days.map(({ date, total, answered }) => ({ date, value: rounded(total / answered, 2), count: answered })),
    current_score: twoDecimals(change.later_mean),
    previous_score: twoDecimals(change.earlier_mean),
    change: change.percent,
    p_value: significance.p_value,
    classification: classifications[change.direction],
  };
}

function twoDecimals(mean: number | null): number | null {
  return mean === null ? null : rounded(mean, 2);
}
