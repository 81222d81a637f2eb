import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partitionLag } from '../../../../functions/operations/maintenance/lag.ts';

const lagOf = (committed: bigint | undefined, earliest: bigint, end: bigint) =>
  partitionLag('g', 't', 0, { committed, earliest, end });

it('is what lies between the group and the end', () => {
  expect(lagOf(5n, 0n, 12n)).toEqual({
    group: 'g',
    topic: 't',
    partition: 0,
    committed: 5,
    earliest: 0,
    end: 12,
    lag: 7,
  });
});

it('of a group that has committed nothing is all that Kafka holds', () => {
  for (const none of [undefined, -1n]) expect(lagOf(none, 4n, 12n)).toMatchObject({ committed: null, lag: 8 });
});

it('counts nothing that Kafka holds no more, and is never negative', () => {
  expect(lagOf(1n, 4n, 12n).lag).toBe(8);
  const offset = fc.bigInt({ min: 0n, max: 1_000n });
  fc.assert(
    fc.property(offset, offset, offset, (committed, earliest, end) => {
      const { lag } = lagOf(committed, earliest, end);
      expect(lag).toBeGreaterThanOrEqual(0);
      expect(lag).toBeLessThanOrEqual(Math.max(0, Number(end - earliest)));
    }),
  );
});
