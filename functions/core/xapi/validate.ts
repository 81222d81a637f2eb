import { error, errorsOf } from './issues.ts';
import { isJsonObject } from './json.ts';
import { countValues, isNestedDeeper, maxErrors, maxListedValues, maxNesting } from './limits.ts';
import { statementSchema } from './model.ts';
import { withFirstErrors } from './schema.ts';
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
 * Every broken rule is reported, the first 100 by name; of a statement with more than 50,000 values only what is found
 * first. The statement of a positive answer is the value itself, unchanged. Members whose names are repeated in the
 * JSON text cannot be seen here (Part 2, 2.2.s3.b7 leaves them open).
 */
export function validateStatement(value: unknown): Validation {
  const errors = errorsIn(value);
  return isValid(value, errors) ? { ok: true, statement: value } : { ok: false, errors: capped(errors) };
}

/**
 * Validates values as the statements of one batch: each of them, and that no id repeats (Part 3, 2.1.2; letter case is
 * no difference between uuids). Statements after the 100th error are not looked at.
 */
export function validateBatch(values: Iterable<unknown>): BatchValidation {
  const errors: ValidationError[] = [];
  const statements: WireStatement[] = [];
  const seen = new Set<string>();
  let position = -1;
  for (const value of values) {
    position += 1;
    const own = errorsIn(value, [position]);
    if (isValid(value, own)) statements.push(value);
    const id = isJsonObject(value) ? value.id : undefined;
    if (typeof id === 'string') {
      if (seen.has(id.toLowerCase())) own.push(error('repeated-id', [position, 'id'], id));
      seen.add(id.toLowerCase());
    }
    for (const each of own) errors.push(each);
    if (errors.length > maxErrors) break;
  }
  return errors.length === 0 ? { ok: true, statements } : { ok: false, errors: capped(errors) };
}

function errorsIn(value: unknown, base: readonly PropertyKey[] = []): ValidationError[] {
  const count = countValues(value, maxNesting);
  if (count === Number.POSITIVE_INFINITY) return [error('nesting', [...base, ...nestedPath(value)], value)];
  const isLarge = count > maxListedValues;
  const outcome = isLarge
    ? withFirstErrors(() => statementSchema.safeParse(value, firstErrors))
    : statementSchema.safeParse(value, { reportInput: true });
  if (outcome.success) return [];
  if (!isLarge) return errorsOf(outcome.error.issues, base);
  const first = errorsOf(outcome.error.issues, base, maxErrors);
  return [...first, truncated(`at most ${maxListedValues} values, for every error to be listed`, `${count} values`)];
}

/** `abortEarly` is of zod's own parse context, not in the type of the public one; tests hold us to it. */
const firstErrors = { reportInput: true, abortEarly: true };

function isValid(_value: unknown, errors: readonly ValidationError[]): _value is WireStatement {
  return errors.length === 0;
}

function capped(errors: readonly ValidationError[]): readonly ValidationError[] {
  if (errors.length <= maxErrors) return errors;
  const more = errors.length - maxErrors;
  const last = more === 1 ? errors.at(-1) : undefined;
  if (last?.rule === 'truncated') return errors;
  return [...errors.slice(0, maxErrors), truncated(`at most ${maxErrors} errors`, `${more} more errors`)];
}

/** The last of a list that does not hold every error. */
function truncated(expected: string, found: string): ValidationError {
  return { path: '$', rule: 'truncated', requirement: 'platform limit', expected, found };
}

/** The way down to what is nested too deep, as far as the standard's own structures go. */
function nestedPath(value: unknown): PropertyKey[] {
  const path: PropertyKey[] = [];
  let levels = maxNesting;
  let place = value;
  while (path.length < 6) {
    levels -= 1;
    const step = deeperStep(place, levels);
    if (step === undefined) break;
    path.push(step);
    if (path.at(-2) === 'extensions') break;
    place = isObject(place) ? Reflect.get(place, step) : undefined;
  }
  return path;
}

/** The first key or index under which a value has more levels of nesting. */
function deeperStep(value: unknown, levels: number): string | number | undefined {
  if (Array.isArray(value)) {
    const index = value.findIndex((item) => isNestedDeeper(item, levels));
    return index === -1 ? undefined : index;
  }
  if (!isObject(value)) return undefined;
  for (const key in value) if (isNestedDeeper(Reflect.get(value, key), levels)) return key;
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
