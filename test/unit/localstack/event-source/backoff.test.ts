import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../../localstack/event-source/backoff.ts';

const backoff = { baseMs: 100, maxMs: 1000 };

describe('the wait before an attempt', () => {
  it('doubles up to a maximum', () => {
    expect([0, 1, 2, 3, 4, 5, 100].map((failures) => backoffMs(backoff, failures, () => 1))).toEqual([
      0, 100, 200, 400, 800, 1000, 1000,
    ]);
  });

  it('is spread over the upper half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const ceiling = backoffMs(backoff, failures, () => 1);
          const wait = backoffMs(backoff, failures, () => random);
          expect(wait).toBeLessThanOrEqual(ceiling);
          expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
        },
      ),
    );
  });
});
