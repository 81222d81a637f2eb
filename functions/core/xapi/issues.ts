import type { z } from 'zod';
import { isJsonObject, typeOf } from './json.ts';
import { jsonPath } from './json-path.ts';
import { isRuleId, type RuleId, rules } from './rules.ts';
import type { ValidationError } from './validation-error.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The validation errors that the issues of `statementSchema` (parsed with `reportInput`) stand for, the first of them. */
export function errorsOf(
  issues: readonly Issue[],
  base: Path = [],
  most: number = Number.POSITIVE_INFINITY,
): ValidationError[] {
  const errors: ValidationError[] = [];
  for (const issue of issues) {
    if (errors.length >= most) break;
    for (const each of errorsOfIssue(issue, [...base, ...issue.path], most)) errors.push(each);
  }
  return errors.length > most ? errors.slice(0, most) : errors;
}

function errorsOfIssue(issue: Issue, path: Path, most: number): ValidationError[] {
  if (issue.code === 'unrecognized_keys') {
    const holder = issue.input;
    return issue.keys
      .slice(0, most)
      .map((key) => error('unknown-member', [...path, key], isJsonObject(holder) ? holder[key] : undefined));
  }
  if (issue.code === 'invalid_union') {
    // Two kinds of union: by objectType, which is wrong; or one Activity or an array of them, where the value says which.
    const options = issue.errors;
    if (options.length === 2) return alternatives(options, issue.input, path, most);
    return [error(ruleOf(issue), path, discriminatorOf(issue.input))];
  }
  return [error(ruleOf(issue), path, issue.input)];
}

function alternatives(
  options: readonly (readonly Issue[])[],
  input: unknown,
  path: Path,
  most: number,
): ValidationError[] {
  if (!Array.isArray(input) && !isJsonObject(input)) return [error('context-activity', path, input)];
  const chosen = Array.isArray(input) ? options[0] : options[1];
  return errorsOf(chosen ?? [], path, most);
}

function discriminatorOf(input: unknown): unknown {
  return isJsonObject(input) ? input.objectType : input;
}

function ruleOf({ message }: Issue): RuleId {
  return isRuleId(message) ? message : 'statement';
}

/** The error of a rule; a null or a number that is not finite breaks a rule of its own wherever it stands. */
export function error(rule: RuleId, path: Path, input: unknown): ValidationError {
  const broken = typeof input === 'number' && !Number.isFinite(input) ? 'finite-number' : nullRule(rule, input);
  return { path: jsonPath(path), rule: broken, ...rules[broken], found: typeOf(input) };
}

function nullRule(rule: RuleId, input: unknown): RuleId {
  return input === null && rule !== 'unknown-member' ? 'null' : rule;
}
