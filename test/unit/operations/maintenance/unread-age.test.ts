import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unreadAge } from '../../../../functions/operations/maintenance/unread-age.ts';

/** A partition by the ages of its records in seconds, the oldest first, of which so many are done. */
function topic(ages: readonly number[], done: number) {
  const end = BigInt(ages.length);
  return {
    offsets: {
      committed: new Map([[0, BigInt(done)]]),
      end: new Map([[0, end]]),
      earliest: new Map([[0, 0n]]),
    },
    /** As ListOffsets answers: the first offset whose record is not older; −1 where there is none. */
    before: async (seconds: number) => {
      const found = ages.findIndex((age) => age <= seconds);
      return new Map([[0, BigInt(found)]]);
    },
  };
}

const month = 30 * 86_400;

it.each([
  ['nothing is there', [], 0, 0],
  ['all is done', [4_000, 20], 2, 0],
  ['what waits is young', [4_000, 5], 1, 0],
  ['one has waited for a minute', [4_000, 61, 1], 1, 60],
  ['one has waited for an hour', [4_000], 0, 3_840],
])('is a lower bound: %s', async (_, ages, done, expected) => {
  const { offsets, before } = topic(ages, done);
  expect(await unreadAge(offsets, month, before)).toBe(expected);
});

it('counts from the earliest record that Kafka still holds where a group has committed nothing', async () => {
  const { offsets, before } = topic([500, 400], 0);
  expect(await unreadAge({ ...offsets, committed: new Map() }, month, before)).toBe(480);
});

it('never exceeds the age of the oldest unread record, and is more than half of it above the first step', async () => {
  const sorted = fc
    .array(fc.integer({ min: 0, max: month }), { minLength: 1 })
    .map((ages) => ages.sort((a, b) => b - a));
  await fc.assert(
    fc.asyncProperty(sorted, fc.nat(), async (ages, position) => {
      const done = position % ages.length;
      const { offsets, before } = topic(ages, done);
      const oldest = ages[done] ?? 0;
      const found = await unreadAge(offsets, month, before);
      expect(found).toBeLessThanOrEqual(oldest);
      if (oldest > 30) expect(found).toBeGreaterThanOrEqual(oldest / 2 - 1);
    }),
  );
});
