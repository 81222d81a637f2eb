import { describe, expect, it } from 'vitest';
import { likertOf, npsOf, statisticsOf } from '../../../../functions/analytics/survey/histogram.ts';
import { questionFigures, type ValueCount } from '../../../../functions/analytics/survey/question.ts';

const bars = (...values: readonly (readonly [number, number])[]) =>
  values.map(([value, respondents]) => ({ value, respondents, named: true }));

describe('NPS', () => {
  it.each([
    [bars([10, 1], [0, 1]), 0, 'Needs Improvement'],
    [bars([9, 7], [8, 3]), 70, 'Excellent'],
    [bars([9, 1], [8, 1]), 50, 'Great'],
    [bars([9, 3], [7, 7]), 30, 'Good'],
    // Half away from zero: 1/16 is 6.25 %.
    [bars([9, 1], [7, 15]), 6.3, 'Needs Improvement'],
    [bars([6, 1], [7, 15]), -6.3, 'Critical'],
    // No NPS answers do not count.
    [bars([9, 1], [7.5, 4], [11, 4], [-1, 4]), 100, 'Excellent'],
  ])('of %j is %d', (answers, score, category) => {
    expect(npsOf(answers)).toMatchObject({ nps_score: score, nps_category: category });
  });

  it('is null of no answer', () => {
    expect(npsOf([])).toBeNull();
    expect(npsOf(bars([12, 3]))).toBeNull();
  });
});

describe('the Likert summary', () => {
  const counts = (min: number, max: number) => {
    const points = Array.from({ length: max - min + 1 }, (_, point) => [min + point, 1] as const);
    const summary = likertOf(bars(...points), { min, max });
    return [summary?.positive.count, summary?.neutral.count, summary?.negative.count];
  };

  it('has two points at each end of four or more, one of two and three', () => {
    expect([counts(1, 2), counts(1, 3), counts(1, 4), counts(1, 5), counts(0, 10)]).toEqual([
      [1, 0, 1],
      [1, 1, 1],
      [2, 0, 2],
      [2, 1, 2],
      [2, 7, 2],
    ]);
  });

  it('is null where the scale is not known', () => {
    expect(likertOf(bars([3, 5]), null)).toBeNull();
  });
});

it('takes median, mode and deviation of a histogram', () => {
  expect(statisticsOf(bars([1, 2], [4, 2], [5, 1]))).toEqual({
    count: 5,
    mean: 3,
    median: 4,
    mode: 1,
    standard_deviation: 1.67,
    min: 1,
    max: 5,
  });
  expect(statisticsOf([])).toBeNull();
});

it('counts values that are not named, and tells none of them', () => {
  const values: ValueCount[] = [
    { numeric: 3, choice: null, named: true, respondents: 6 },
    { numeric: 48_211, choice: null, named: false, respondents: 1 },
    { numeric: 7, choice: null, named: false, respondents: 3 },
  ];
  const facts = { questionType: 'numeric', title: null, text: null, scale: null };
  const figures = questionFigures('q', facts, { members: 12, answered: 10, values });
  expect(figures.distribution).toEqual([
    { label: '3', value: 3, count: 6, percentage: 60, color_key: null },
    { label: 'Other', value: null, count: 4, percentage: 40, color_key: null },
  ]);
  expect(figures).toMatchObject({ skip_rate: 16.67, statistics: { count: 10, min: 3, max: null, median: 3 } });
  expect(JSON.stringify({ ...figures, average_score: null, statistics: null })).not.toContain('48');
});
