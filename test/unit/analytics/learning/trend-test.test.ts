import { describe, expect, it } from 'vitest';
import { trendOf, welchP } from '../../../../functions/analytics/learning/trend-test.ts';
import { welch } from '../../../parity/reference/welch.ts';

/** R's data set `sleep`: `t.test(extra ~ group, data = sleep)` prints t = -1.8608, df = 17.776, p-value = 0.07939. */
const sleep = {
  first: [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
  second: [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
};

describe('welchP', () => {
  it('is what R prints', () => {
    expect(welchP(sleep.first, sleep.second)).toBeCloseTo(0.07939, 5);
  });

  it('is what integration gives, for few and for unequal samples', () => {
    const samples: readonly (readonly [readonly number[], readonly number[]])[] = [
      [sleep.first, sleep.second],
      [
        [1, 2],
        [4, 9],
      ],
      [
        [5, 5, 5],
        [1, 2, 3, 4],
      ],
      [
        [10, 12, 11, 13, 9, 10, 12],
        [15, 14, 16, 18, 15, 13, 17, 16],
      ],
    ];
    for (const [left, right] of samples) expect(welchP(left, right)).toBeCloseTo(welch(left, right), 5);
  });

  it('is null under two samples a side', () => {
    expect(welchP([], [])).toBeNull();
    expect(welchP([1], [2, 3])).toBeNull();
    expect(welchP([2, 3], [1])).toBeNull();
  });

  it('without variance is 1 for equal means, else 0', () => {
    expect(welchP([0, 0], [0, 0, 0])).toBe(1);
    expect(welchP([0, 0], [1, 1])).toBe(0);
  });
});

describe('trendOf', () => {
  it('gives the middle sample of an odd number to the later half', () => {
    const { change, significance } = trendOf([1, 1, 4, 4, 4]);
    expect(significance).toMatchObject({ samples_earlier: 2, samples_later: 3 });
    expect(change).toEqual({ earlier_mean: 1, later_mean: 4, percent: 300, direction: 'up' });
  });

  it('is steady unless p < 0.05, however large the change', () => {
    expect(trendOf([0, 100, 50, 400]).change).toMatchObject({ percent: 350, direction: 'steady' });
    expect(trendOf([10, 11, 10, 11, 20, 21, 20, 21])).toMatchObject({
      change: { direction: 'up' },
      significance: { significant: true },
    });
    expect(trendOf([20, 21, 20, 21, 10, 11, 10, 11]).change.direction).toBe('down');
  });

  it('has no percentage of an earlier mean of 0, and against a negative one rises upwards', () => {
    expect(trendOf([0, 0, 3, 3]).change).toMatchObject({ percent: null, direction: 'up' });
    expect(trendOf([-1, -1, 1, 1]).change).toMatchObject({ percent: 200, direction: 'up' });
  });

  it('of no samples is unknown', () => {
    expect(trendOf([])).toEqual({
      change: { earlier_mean: null, later_mean: null, percent: null, direction: 'steady' },
      significance: {
        test: 'welch-t-two-sided',
        samples_earlier: 0,
        samples_later: 0,
        p_value: null,
        significant: false,
      },
    });
  });
});
