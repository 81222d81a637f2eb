import { expect, it } from 'vitest';
import { renderReport, renderViolations } from '../../../../localstack/faults/report.ts';

const result = {
  records: 400,
  accepted: 350,
  duplicates: 20,
  deadLetters: 30,
  lost: 0,
  doubleCounted: 0,
  inTwoPlaces: 0,
  violations: [],
  hits: 3,
  recovery: 2.34,
};

it('has a line for each fault, and sums', () => {
  const text = renderReport([
    { fault: 'one', seconds: 5, result },
    { fault: 'two', seconds: 1, result: { ...result, lost: 7 } },
  ]);
  const cells = text.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
  expect(cells.find((line) => line[1] === 'one')?.slice(2, -1)).toEqual([
    ...['5.0', '3', '400', '350', '20', '30', '0', '0', '0', '2.3'],
  ]);
  expect(cells.find((line) => line[1] === 'all')?.slice(4, -2)).toEqual(['800', '700', '40', '60', '7', '0', '0']);
});

it('shows the first violations of many', () => {
  const violations = Array.from({ length: 20 }, (_, number) => `violation ${number}`);
  const text = renderViolations({ fault: 'one', result: { violations } });
  expect(text).toContain('one: 20 violations');
  expect(text).toContain('violation 11');
  expect(text).not.toContain('violation 12');
  expect(text).toContain('and 8 more');
});
