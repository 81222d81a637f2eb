import ttest2 from '@stdlib/stats-ttest2';
import { rounded } from '../rounded.ts';
import type { TrendsData } from './contract.ts';

const significanceLevel = 0.05;
const decimals = 6;

/**
 * Compares the later half of the samples, which has the middle one of an odd number, with the earlier: the change of their
 * means and a two-sided Welch t-test.
 */
export function trendOf(samples: readonly number[]): Pick<TrendsData, 'change' | 'significance'> {
  const middle = Math.floor(samples.length / 2);
  const [earlier, later] = [samples.slice(0, middle), samples.slice(middle)];
  const [before, after] = [meanOf(earlier), meanOf(later)];
  const p = welchP(earlier, later);
  const significant = p !== null && p < significanceLevel;
  return {
    change: {
      earlier_mean: before === null ? null : rounded(before, decimals),
      later_mean: after === null ? null : rounded(after, decimals),
      percent: before === null || after === null ? null : changePercent(before, after),
      direction:
        significant && before !== null && after !== null && before !== after
          ? after > before
            ? 'up'
            : 'down'
          : 'steady',
    },
    significance: {
      test: 'welch-t-two-sided',
      samples_earlier: earlier.length,
      samples_later: later.length,
      p_value: p === null ? null : rounded(p, decimals),
      significant,
    },
  };
}

/**
 * p of the two-sided Welch t-test, or null under two samples a side. Where neither side varies, t is 0/0 or infinite: p is
 * then 1 for equal means, else 0.
 */
export function welchP(earlier: readonly number[], later: readonly number[]): number | null {
  if (earlier.length < 2 || later.length < 2) return null;
  if (isConstant(earlier) && isConstant(later)) return earlier[0] === later[0] ? 1 : 0;
  return ttest2([...earlier], [...later], { variance: 'unequal' }).pValue;
}

function changePercent(before: number, after: number): number | null {
  return before === 0 ? null : rounded((100 * (after - before)) / Math.abs(before), 2);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
