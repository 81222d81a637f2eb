import { describe, expect, it } from 'vitest';
import { streakOf } from '../../../../functions/analytics/learning/learner.ts';

const today = '2026-03-01';

describe('a streak', () => {
  it.each([
    ['ends today', ['2026-02-27', '2026-02-28', '2026-03-01'], 3],
    ['ends yesterday', ['2026-02-26', '2026-02-27', '2026-02-28'], 3],
    ['that ended the day before yesterday is over', ['2026-02-26', '2026-02-27'], 0],
    ['is broken by a day without', ['2026-02-26', '2026-02-28', '2026-03-01'], 2],
    ['does not begin tomorrow', ['2026-03-02'], 0],
    ['of no days is none', [], 0],
  ])('%s', (_, days, length) => {
    expect(streakOf(days, today)).toBe(length);
  });
});
