import type { ValidationError } from '../../functions/core/xapi/index.ts';
import { error } from '../../functions/core/xapi/issues.ts';
import type { Line } from './lines.ts';

/** Longest line that is read, in bytes: some ten times what Kafka carries in one message. */
export const longestLine = 64 * 1024 * 1024;

/** Levels of nesting beyond which a line is refused unparsed: parsing millions would take gigabytes. */
const hopelessNesting = 1_000;

/** A line's JSON value, or why it has none. */
export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ValidationError };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes a line of JSON lines: UTF-8 JSON text. Of members that are repeated in an object the last one counts. */
export function decode(line: Line): Decoded {
  if (line === null) return undecodable('line-length', `a line of at most ${longestLine} bytes`, 'a longer line');
  if (isNestedDeeper(line, hopelessNesting)) return { ok: false, error: error('nesting', [], []) };
  let text: string;
  try {
    text = utf8.decode(line);
  } catch {
    return undecodable('encoding', 'JSON text in UTF-8', 'bytes that are not UTF-8');
  }
  if (text.trim() === '') return undecodable('empty-line', 'a statement or an array of statements', 'an empty line');
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return undecodable('json-syntax', 'JSON text', 'text that is not JSON');
  }
}

function undecodable(rule: string, expected: string, found: string): Decoded {
  return { ok: false, error: { path: '$', rule, requirement: 'one JSON value per line', expected, found } };
}

const [quote, backslash] = [0x22, 0x5c];

/** Whether JSON text has more levels of objects and arrays than `levels`, brackets in strings aside. */
function isNestedDeeper(text: Buffer, levels: number): boolean {
  let level = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index];
    if (isInString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) {
      isInString = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      level += 1;
      if (level > levels) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      level -= 1;
    }
  }
  return false;
}
