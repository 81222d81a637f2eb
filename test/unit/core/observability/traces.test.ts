import { expect, it } from 'vitest';
import { traceIdOf, traceIdsOf } from '../../../../functions/core/observability/traces.ts';

const id = (digit: string) => digit.repeat(32);
const record = (value: string, name = 'traceparent') => ({
  headers: [
    { name: 'other', value: Buffer.from('x') },
    { name, value: Buffer.from(value) },
  ],
});

it.each([
  ['a header of W3C', record(`00-${id('a')}-b7ad6b7169203331-01`), id('a')],
  ['a name in other case', record(`00-${id('a')}-b7ad6b7169203331-01`, 'TraceParent'), id('a')],
  ['a later version with more at its end', record(`cc-${id('a')}-b7ad6b7169203331-01-what`), id('a')],
  ['an id of zeros', record(`00-${id('0')}-b7ad6b7169203331-01`), null],
  ['anything else', record('not a trace'), null],
  ['bytes', { headers: [{ name: 'traceparent', value: Buffer.from([255, 0]) }] }, null],
  ['no header', { headers: [] }, null],
])('reads %s', (_, given, expected) => {
  expect(traceIdOf(given)).toBe(expected);
});

it('names each trace of a batch once, and not more than a line holds', () => {
  const many = Array.from({ length: 100 }, (_, number) =>
    record(`00-${String(number % 50).padStart(32, 'f')}-b7ad6b7169203331-01`),
  );
  const ids = traceIdsOf(many);
  expect(ids).toHaveLength(20);
  expect(new Set(ids).size).toBe(20);
});
