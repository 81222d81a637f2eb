import { expect, it } from 'vitest';
import { sound, worsened } from '../../../../localstack/audit/whole.ts';

it('says nothing of stores that are as they must be', () => {
  expect(worsened(sound, sound)).toEqual({ doubleCounted: 0, violations: [] });
});

it('says what is new, and not what an earlier run broke', () => {
  const broken = { drift: -3, tables: ['survey_answer: 1 rows missing'] };
  expect(worsened(sound, broken).violations).toHaveLength(2);
  expect(worsened(sound, broken).doubleCounted).toBe(1);
  expect(worsened(broken, broken).violations).toEqual([]);
  expect(worsened(broken, { ...broken, drift: -4 }).violations).toEqual(['documents less rows: -4, was -3']);
});
