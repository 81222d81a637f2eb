/** A line of the input; null where it is longer than the limit. */
export type Line = Buffer | null;

const newline = 0x0a;

/**
 * The lines of a stream of bytes, one by one: at most one line is held, and of one that is longer than `longest` bytes
 * nothing. Only a line feed ends a line (U+2028, at which `node:readline` splits, may stand inside a JSON string); the
 * last line needs none.
 */
export async function* linesOf(input: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length > longest) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const line = (): Line => {
    const whole = length > longest ? null : Buffer.concat(parts, length);
    parts = [];
    length = 0;
    return whole;
  };
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      take(chunk.subarray(from, end));
      yield line();
      from = end + 1;
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield line();
}
