import { describe, expect, it } from 'vitest';
import { evaluateMath, type Series } from '../../../../localstack/cloudwatch/math.ts';

const series = (points: Readonly<Record<number, number>>): Series =>
  new Map(Object.entries(points).map(([time, value]) => [Number(time), value]));
const result = (expression: string, metrics: Readonly<Record<string, Series>>) =>
  Object.fromEntries(evaluateMath(expression, new Map(Object.entries(metrics))));

/** 27 November 2026, a Friday. */
const friday = Date.parse('2026-11-27T00:00:00Z') / 1_000;

describe('metric math', () => {
  it('works at the times at which every series has a point', () => {
    expect(result('a / b * 100', { a: series({ 0: 1, 60: 2, 120: 3 }), b: series({ 60: 4, 120: 0 }) })).toEqual({
      60: 50,
    });
  });

  it('keeps the order of operations', () => {
    expect(result('1 + a * 2 - (3 - 1)', { a: series({ 0: 5 }) })).toEqual({ 0: 9 });
    expect(result('a > 1 AND a < 9 OR a == 20', { a: series({ 0: 5, 1: 9, 2: 20 }) })).toEqual({ 0: 1, 1: 0, 2: 1 });
  });

  it('sums what is there of a list', () => {
    expect(result('SUM([a, 0 * b])', { a: series({ 60: 4 }), b: series({ 0: 9, 60: 9 }) })).toEqual({ 0: 0, 60: 4 });
    expect(result('MAX([a, b])', { a: series({ 0: 4 }), b: series({ 0: 9, 60: 2 }) })).toEqual({ 0: 9, 60: 2 });
  });

  it('chooses by a condition, of numbers and of series', () => {
    expect(result('IF(a >= 20, b / a, 0)', { a: series({ 0: 10, 60: 40 }), b: series({ 0: 5, 60: 4 }) })).toEqual({
      0: 0,
      60: 0.1,
    });
  });

  it('takes differences from the point before, which the first has not', () => {
    expect(result('DIFF(a)', { a: series({ 0: 10, 60: 10, 120: 4 }) })).toEqual({ 60: 0, 120: -6 });
  });

  it('knows days and hours, UTC', () => {
    const a = series({ [friday + 7 * 3_600]: 1, [friday + 2 * 86_400]: 1 });
    expect(Object.values(result('DAY(a)', { a }))).toEqual([5, 7]);
    expect(Object.values(result('HOUR(a)', { a }))).toEqual([7, 0]);
  });

  it.each(['a +', 'RATE(a)', 'b', 'a a', 'a $ 2', '3'])('refuses %s', (expression) => {
    expect(() => result(expression, { a: series({ 0: 1 }) })).toThrow(/Metric math/);
  });
});
