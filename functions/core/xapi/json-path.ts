/** Longest key that a path shows whole. */
const longestKey = 80;

const plainName = /^[A-Za-z_]\w{0,63}$/;
const mailbox = /[^\s@/]@[^\s@/]/;

/**
 * The JSONPath of a place in a statement. Extension keys, language tags and unknown members can hold anything a
 * producer puts there, and errors are logged: a key that looks like it holds an e-mail address is masked, a long one
 * is cut.
 */
export function jsonPath(segments: readonly PropertyKey[]): string {
  return `$${segments.map(segmentText).join('')}`;
}

function segmentText(segment: PropertyKey): string {
  if (typeof segment === 'number') return `[${segment}]`;
  const key = String(segment);
  if (plainName.test(key)) return `.${key}`;
  if (mailbox.test(key.replaceAll('%40', '@'))) return "['<masked>']";
  const shown = key.length > longestKey ? `${key.slice(0, longestKey)}…` : key;
  return `['${shown.toWellFormed().replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(controls, escaped)}']`;
}

// Errors are lines of logs and of terminals: what would break the line or move the cursor is escaped (RFC 9535, 2.7).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const controls = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
