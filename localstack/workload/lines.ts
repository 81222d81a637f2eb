const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Lines of a stream of bytes, each without its LF or CRLF. Every other byte is kept, a lone CR among them. */
export async function* linesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  for await (const piece of input) {
    let rest = Buffer.from(piece);
    for (let at = rest.indexOf(lineFeed); at >= 0; at = rest.indexOf(lineFeed)) {
      yield withoutReturn(Buffer.concat([...open, rest.subarray(0, at)]));
      open = [];
      rest = rest.subarray(at + 1);
    }
    open.push(rest);
  }
  const last = Buffer.concat(open);
  if (last.length > 0) yield last;
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}
