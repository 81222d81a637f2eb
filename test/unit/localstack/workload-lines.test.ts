import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf } from '../../../localstack/workload/lines.ts';

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

async function collect(input: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const lines: Buffer[] = [];
  for await (const line of linesOf(input)) lines.push(line);
  return lines;
}

it('gives back every line byte for byte, however the stream is cut', async () => {
  const line = fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(9)), async (lines, sizes) => {
      const bytes = Buffer.concat(lines.map((value) => Buffer.concat([value, Buffer.from('\r\n')])));
      expect(await collect(pieces(bytes, sizes))).toEqual(lines);
    }),
  );
});

it('keeps a carriage return that is not at the end, and a last line without its end', async () => {
  const lines = await collect(pieces(Buffer.from('a\rb\nc\r\nd'), []));
  expect(lines.map(String)).toEqual(['a\rb', 'c', 'd']);
});
