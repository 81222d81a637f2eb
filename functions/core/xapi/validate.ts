import { error, errorsOf } from './issues.ts';
import { isJsonObject } from './json.ts';
import { isNestedDeeper, maxErrors, maxNesting } from './limits.ts';
import { statementSchema } from './model.ts';
import type { WireStatement } from './statement.ts';
import type { ValidationError } from './validation-error.ts';

/** What validation says of a value. */
export type Validation =
  | { readonly ok: true; readonly statement: WireStatement }
  | { readonly ok: false; readonly errors: readonly ValidationError[] };

/** What validation says of the values of a batch; errors begin their path with the value's place. */
export type BatchValidation =
  | { readonly ok: true; readonly statements: readonly WireStatement[] }
  | { readonly ok: false; readonly errors: readonly ValidationError[] };

/**
 * Validates a parsed JSON value as an xAPI 1.0.3 statement (Part 2, 2.2 to 2.4 and 4).
 *
 * Every broken rule is reported, the first 100 by name. The statement of a positive answer is the value itself,
 * unchanged. Members whose names are repeated in the JSON text cannot be seen here (Part 2, 2.2.s3.b7 leaves them
 * open).
 */
export function validateStatement(value: unknown): Validation {
  const errors = errorsIn(value);
  return isValid(value, errors) ? { ok: true, statement: value } : { ok: false, errors: capped(errors) };
}

/**
 * Validates values as the statements of one batch: each of them, and that no id repeats (Part 3, 2.1.2; letter case is
 * no difference between uuids).
 */
export function validateBatch(values: readonly unknown[]): BatchValidation {
  const errors: ValidationError[] = [];
  const statements: WireStatement[] = [];
  const seen = new Set<string>();
  for (const [position, value] of values.entries()) {
    const own = errorsIn(value, [position]);
    if (isValid(value, own)) statements.push(value);
    const id = isJsonObject(value) ? value.id : undefined;
    if (typeof id === 'string') {
      if (seen.has(id.toLowerCase())) own.push(error('repeated-id', [position, 'id'], id));
      seen.add(id.toLowerCase());
    }
    errors.push(...own);
  }
  return errors.length === 0 ? { ok: true, statements } : { ok: false, errors: capped(errors) };
}

function errorsIn(value: unknown, base: readonly PropertyKey[] = []): ValidationError[] {
  if (isNestedDeeper(value, maxNesting)) return [error('nesting', [...base, ...nestedPath(value)], value)];
  const outcome = statementSchema.safeParse(value, { reportInput: true });
  return outcome.success ? [] : errorsOf(outcome.error.issues, base);
}

function isValid(_value: unknown, errors: readonly ValidationError[]): _value is WireStatement {
  return errors.length === 0;
}

function capped(errors: readonly ValidationError[]): readonly ValidationError[] {
  if (errors.length <= maxErrors) return errors;
  const more: ValidationError = {
    path: '$',
    rule: 'truncated',
    requirement: 'platform limit',
    expected: `at most ${maxErrors} errors`,
    found: `${errors.length - maxErrors} more errors`,
  };
  return [...errors.slice(0, maxErrors), more];
}

/** The way down to what is nested too deep, as far as the standard's own structures go. */
function nestedPath(value: unknown): PropertyKey[] {
  const path: PropertyKey[] = [];
  let levels = maxNesting;
  let place = value;
  while (path.length < 6) {
    levels -= 1;
    const next: [string, unknown] | undefined = entriesOf(place).find(([, item]) => isNestedDeeper(item, levels));
    if (next === undefined) break;
    const [key, item] = next;
    path.push(Array.isArray(place) ? Number(key) : key);
    if (path.at(-2) === 'extensions') break;
    place = item;
  }
  return path;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
