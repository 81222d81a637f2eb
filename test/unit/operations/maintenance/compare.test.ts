import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differing } from '../../../../functions/operations/maintenance/compare.ts';

const sum = fc.record({ documents: fc.integer({ min: 1, max: 3 }), versions: fc.integer({ min: 1, max: 3 }) });
const hours = fc.map(
  fc.integer({ min: 10, max: 14 }).map((hour) => `2026-11-24T${hour}`),
  sum,
);

it('finds the hours whose documents or versions are not the same on both sides, in order', () => {
  fc.assert(
    fc.property(hours, hours, (rows, documents) => {
      const expected = ['10', '11', '12', '13', '14']
        .map((hour) => `2026-11-24T${hour}`)
        .filter((hour) => JSON.stringify(rows.get(hour)) !== JSON.stringify(documents.get(hour)));
      expect(differing(rows, documents)).toEqual(expected);
    }),
  );
});
