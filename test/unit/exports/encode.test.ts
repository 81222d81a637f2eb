import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Cell, csvOf, jsonOf } from '../../../functions/exports/encode.ts';

async function* pagesOf<Row>(...pages: readonly (readonly Row[])[]): AsyncGenerator<readonly Row[]> {
  yield* pages;
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** Reads CSV as RFC 4180 has it. */
function parsed(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (const [, value = '', end] of text.matchAll(cell)) {
    rows.at(-1)?.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

const trigger = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20');
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.tuple(trigger, fc.string()).map((parts) => parts.join('')),
  fc.constantFrom('=1+1', '"=1+1', 'a,b', 'line\r\nend', '"', ''),
);

it('holds every text again, with an apostrophe before what a spreadsheet would run', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 5 }), async (rows) => {
      const pages = pagesOf(rows.map(([left, right]) => ({ left, right })));
      const written = await textOf(csvOf(['left', 'right'], pages));
      expect(written.startsWith('\uFEFF')).toBe(true);
      const [header, ...cells] = parsed(written.slice(1));
      expect(header).toEqual(['left', 'right']);
      expect(cells).toEqual(rows.map((row) => row.map(guarded)));
      for (const cell of cells.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/);
    }),
  );
});

function guarded(value: string): string {
  return /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value;
}

it('writes numbers as numbers, negative ones too, booleans by name and nothing for nothing', async () => {
  const row: Record<string, Cell> = { a: -0.5, b: 0, c: true, d: false, e: null, f: undefined, g: 1e-7 };
  const written = await textOf(csvOf(Object.keys(row), pagesOf([row])));
  expect(parsed(written.slice(1))[1]).toEqual(['-0.5', '0', 'true', 'false', '', '', '1e-7']);
});

it('is JSON whatever the pages, with one element per line', async () => {
  const pages = fc.array(fc.array(fc.record({ a: fc.string({ unit: 'binary' }), b: fc.double() })), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(pages, async (given) => {
      const written = await textOf(jsonOf(pagesOf(...given)));
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(given.flat())));
      const elements = given.flat().length;
      expect(written.trimEnd().split('\n')).toHaveLength(elements === 0 ? 1 : elements + 2);
    }),
  );
});
