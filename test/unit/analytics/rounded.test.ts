import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentOf, rounded } from '../../../functions/analytics/rounded.ts';

describe('rounded', () => {
  it.each([
    [0.125, 2, 0.13],
    [-0.125, 2, -0.13],
    [1.005, 2, 1.01],
    [0.1 + 0.2, 1, 0.3],
    [2.5, 0, 3],
    [-2.5, 0, -3],
    [0.0004, 3, 0],
    [33.333333, 2, 33.33],
  ])('%d at %i decimals is %d', (value, decimals, expected) => {
    expect(rounded(value, decimals)).toBe(expected);
  });

  it('knows no negative zero', () => {
    expect(Object.is(rounded(-0.0001, 2), 0)).toBe(true);
  });

  it('does not depend on the order of a sum', () => {
    const scores = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(scores, (hundredths) => {
        const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / 100, 0) / values.length;
        expect(rounded(mean(hundredths), 3)).toBe(rounded(mean(hundredths.toReversed()), 3));
      }),
    );
  });
});

describe('percentOf', () => {
  it.each([
    [1, 3, 33.33],
    [2, 3, 66.67],
    [1, 800, 0.13],
    [0, 5, 0],
    [5, 5, 100],
    [0, 0, null],
  ])('%i of %i is %d %%', (part, whole, expected) => {
    expect(percentOf(part, whole)).toBe(expected);
  });
});
