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
  return `['${shown.toWellFormed().replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
}
