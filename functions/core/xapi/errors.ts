import { isJsonObject, member, typeOf } from './json.ts';
import { type RuleId, rules } from './rules.ts';

/** One thing that is wrong with a statement. Never holds a value of it (spec, invariant 8). */
export interface ValidationError {
  /** JSONPath from the statement, such as `$.actor.mbox` or `$.context.extensions['a key']`. */
  readonly path: string;
  /** Stable id of the rule. */
  readonly rule: string;
  /** The standard's requirement. */
  readonly requirement: string;
  readonly expected: string;
  /** The type found, or `absent`. */
  readonly found: string;
}

export type Path = readonly PropertyKey[];

/** Longest member name that a path shows. */
const longestName = 80;

/** An error of a rule at a path; `expected` where the rule's own words can be more precise. */
export function errorAt(root: unknown, path: Path, rule: RuleId, expected?: string): ValidationError {
  return {
    path: jsonPath(path),
    rule,
    requirement: rules[rule].requirement,
    expected: expected ?? rules[rule].expected,
    found: typeOf(valueAt(root, path)),
  };
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce(
    (value, step) => (typeof step === 'number' && Array.isArray(value) ? value[step] : memberOf(value, step)),
    root,
  );
}

function memberOf(value: unknown, step: PropertyKey): unknown {
  return isJsonObject(value) ? member(value, String(step)) : undefined;
}

/** A path as JSONPath. Names come from the wire: long ones are cut, and what looks like an address is masked. */
export function jsonPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = shownName(String(step));
    return /^[A-Za-z_][\w-]*$/.test(name)
      ? `${text}.${name}`
      : `${text}[${JSON.stringify(name).replace(/^"|"$/g, "'")}]`;
  }, '$');
}

function shownName(name: string): string {
  if (name.includes('@')) return '…@…';
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}
