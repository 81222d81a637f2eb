import { expect, it } from 'vitest';
import { partsOf } from '../../../../functions/analytics/learning/top-performers.ts';

it.each([
  { pairs: 0, learners: 0, parts: 1 },
  { pairs: 20_000, learners: 4_000, parts: 1 },
  { pairs: 60_001, learners: 4_000, parts: 4 },
  // Hardly more pairs than learners: each part has no more learners than an answer has buckets.
  { pairs: 19_000, learners: 18_500, parts: 4 },
])('$pairs pairs of $learners learners are counted in $parts parts', ({ pairs, learners, parts }) => {
  const found = partsOf({ pairs: { value: pairs }, learners: { value: learners } });
  expect(found).toHaveLength(parts);
  expect(found.map(({ num_partitions }) => num_partitions)).toEqual(found.map(() => parts));
});
