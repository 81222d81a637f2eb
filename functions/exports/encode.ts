import { stringify } from 'csv-stringify/sync';

/** What a cell holds; null and undefined are empty. */
export type Cell = string | number | boolean | null | undefined;

/** Rows that come at once. */
export type Pages<Row> = AsyncIterable<readonly Row[]>;

/** Excel reads a file without it as Latin-1. */
const byteOrderMark = '\uFEFF';

const csvOptions = {
  record_delimiter: '\r\n',
  // Else a lone CR or LF within a cell would begin a row, and with it a formula.
  quote_record_delimiter: true,
  // A spreadsheet would run a text that begins like a formula; numbers stay numbers.
  escape_formulas: true,
  cast: { boolean: (value: boolean) => String(value) },
} as const;

/** CSV as RFC 4180 has it, with a header. Cells that a spreadsheet would take for a formula begin with an apostrophe. */
export async function* csvOf(
  columns: readonly string[],
  pages: Pages<Readonly<Record<string, Cell>>>,
): AsyncGenerator<string> {
  yield byteOrderMark + stringify([[...columns]], csvOptions);
  for await (const page of pages) {
    yield stringify(
      page.map((row) => columns.map((column) => row[column])),
      csvOptions,
    );
  }
}

/** A JSON array with one element per line. */
export async function* jsonOf(pages: Pages<unknown>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield separator + page.map((row) => JSON.stringify(row)).join(',\n');
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
