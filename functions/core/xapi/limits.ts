/**
 * Levels of nesting in a record, the record's own object being the first. The standard's structures need 10; the
 * rest is for extension values. Nothing that reads a statement recurses deeper, so none can exhaust the stack.
 */
export const maxNesting = 128;

/** Errors of one statement; a statement with more ends its list with one error of the rule `truncated`. */
export const maxErrors = 100;

/** Values in a statement up to which every error is listed. Beyond, an error list that is as long would exhaust memory. */
export const maxListedValues = 50_000;

/** How many values a JSON value holds, itself included; Infinity if it has more levels of nesting than `levels`. */
export function countValues(value: unknown, levels: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (levels === 0) return Number.POSITIVE_INFINITY;
  let count = 1;
  // Plain loops: this runs over every value of every record.
  if (Array.isArray(value)) {
    for (const item of value) {
      count += countValues(item, levels - 1);
      if (count === Number.POSITIVE_INFINITY) break;
    }
  } else {
    for (const key in value) {
      count += countValues(Reflect.get(value, key), levels - 1);
      if (count === Number.POSITIVE_INFINITY) break;
    }
  }
  return count;
}

/** Whether a JSON value has more levels of objects and arrays than `levels`. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  // Plain loops: this runs over every value of every record.
  if (Array.isArray(value)) {
    for (const item of value) if (isNestedDeeper(item, levels - 1)) return true;
  } else {
    for (const key in value) if (isNestedDeeper(Reflect.get(value, key), levels - 1)) return true;
  }
  return false;
}
