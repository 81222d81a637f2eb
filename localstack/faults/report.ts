import Table from 'cli-table3';
import type { RunResult } from './run.ts';

/** A row of the report. */
export interface ReportRow {
  readonly fault: string;
  /** Seconds that the fault was planned to last. */
  readonly seconds: number;
  readonly result: RunResult;
}

/** The table of runs, one line each, with sums. */
export function renderReport(rows: readonly ReportRow[]): string {
  const head = [
    'fault',
    'lasts s',
    'struck',
    'records in',
    'accepted',
    'duplicates',
    'dead letters',
    'lost',
    'double-counted',
    'in two places',
    'recovery s',
  ];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  for (const { fault, seconds, result } of rows) {
    table.push([fault, seconds.toFixed(1), result.hits, ...countsOf(result), result.recovery.toFixed(1)]);
  }
  const sums = rows
    .map(({ result }) => countsOf(result))
    .reduce<number[]>((left, right) => right.map((count, at) => count + (left[at] ?? 0)), []);
  table.push(['all', '', '', ...sums, '']);
  return table.toString();
}

function countsOf({
  records,
  accepted,
  duplicates,
  deadLetters,
  lost,
  doubleCounted,
  inTwoPlaces,
}: RunResult): number[] {
  return [records, accepted, duplicates, deadLetters, lost, doubleCounted, inTwoPlaces];
}

/** Violations of a run, the first ones of many. */
export function renderViolations({
  fault,
  result,
}: {
  readonly fault: string;
  readonly result: Pick<RunResult, 'violations'>;
}): string {
  const shown = result.violations.slice(0, 12);
  const more = result.violations.length - shown.length;
  return [
    `${fault}: ${result.violations.length} violations`,
    ...shown.map((text) => `  ${text}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
