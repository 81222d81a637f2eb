import { z } from 'zod';
import { isIri } from './formats.ts';
import { isJsonObject } from './json.ts';
import { isLanguageTag } from './language-tag.ts';
import { maxListedValues } from './limits.ts';
import { remembering } from './remembering.ts';
import type { RuleId } from './rules.ts';

/**
 * The schema vocabulary that `model.ts` is written in. A schema's error message is the id of the rule that it stands
 * for (`rules.ts`); `issues.ts` makes validation errors of them.
 */

/** Text, by type alone. */
export function text(rule: RuleId) {
  return z.string(rule);
}

/** Text of a format. */
export function format(rule: RuleId, matches: (text: string) => boolean) {
  return z.string(rule).refine(matches, rule);
}

/** A number; JSON's numbers are finite (`finite-number`). */
export function number(rule: RuleId) {
  return z.number(rule);
}

/** A boolean. */
export function boolean(rule: RuleId) {
  return z.boolean(rule);
}

/** An object of exactly these members; others are `unknown-member`, whatever their letter case. */
export function object<Shape extends z.ZodRawShape>(rule: RuleId, shape: Shape) {
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? 'unknown-member' : rule) });
}

/** An array of such items. */
export function array<Item extends z.ZodType>(rule: RuleId, item: Item) {
  return z.array(item.check(unknownMemberAborts), rule);
}

/**
 * Makes an unknown member of an item abort like every other error: where only the first errors are wanted
 * (`abortEarly`), an array of a million items must not report a million of them.
 */
const unknownMemberAborts = z.check<unknown>(({ issues }) => {
  for (const issue of issues) if (issue.code === 'unrecognized_keys') Reflect.deleteProperty(issue, 'continue');
});
unknownMemberAborts._zod.def.when = () => true;

/** Reports that a rule is broken at `path` within the value. */
export type Report = (rule: RuleId, path: readonly PropertyKey[], found: unknown) => void;

let wantsFirstErrors = false;

/**
 * Runs a parse that aborts early (`abortEarly`). What it has not read is missing from the value that checks over several
 * members see, so they are left out where an error was found before.
 */
export function withFirstErrors<Outcome>(parse: () => Outcome): Outcome {
  wantsFirstErrors = true;
  try {
    return parse();
  } finally {
    wantsFirstErrors = false;
  }
}

/**
 * A check over several members, which runs whatever else is wrong with them: they may be of any type, or absent.
 * It is not called for what is no object.
 */
export function across(check: (members: Readonly<Record<string, unknown>>, report: Report) => void) {
  const result = z.check<unknown>(({ value, issues }) => {
    if (!isJsonObject(value)) return;
    check(value, (message, path, input) => {
      issues.push({ code: 'custom', message, path: [...path], input });
    });
  });
  result._zod.def.when = ({ issues }) => issues.length === 0 || !wantsFirstErrors;
  return result;
}

const isKnownTag = remembering(isLanguageTag);
const isKnownIri = remembering(isIri);

/** A map from language tag to text (Part 2, 4.2). */
export type LanguageMap = Readonly<Record<string, string>>;

/** A language map; `rule` is what a value that is no object breaks. */
export function languageMap(rule: RuleId) {
  return map<LanguageMap>(rule, 'language-tag', isKnownTag, (value, path, report) => {
    if (typeof value !== 'string') report('language-map-text', path, value);
  });
}

/** A map from IRI to any JSON value (Part 2, 4.1). */
export type Extensions = Readonly<Record<string, unknown>>;

/**
 * An extensions map; `rule` is what a value that is no object breaks. Values are anything, as long as numbers are
 * finite.
 */
export function extensions(rule: RuleId) {
  return map<Extensions>(rule, 'extension-key', isKnownIri, finiteNumbers);
}

type Check = (value: unknown, path: readonly PropertyKey[], report: Report) => void;

/**
 * A map with keys of a format. Not `z.record`, which passes over a key `__proto__` and copies the map.
 */
function map<Type>(rule: RuleId, keyRule: RuleId, isKey: (key: string) => boolean, checkValue: Check) {
  return z.custom<Type>().check(({ value, issues }) => {
    const report: Report = (message, path, input) => {
      if (issues.length <= maxListedValues) issues.push({ code: 'custom', message, path: [...path], input });
    };
    if (!isJsonObject(value)) {
      report(rule, [], value);
      return;
    }
    for (const key of Object.keys(value)) {
      if (issues.length > maxListedValues) return;
      const item = value[key];
      if (!isKey(key)) report(keyRule, [key], key);
      checkValue(item, [key], report);
    }
  });
}

/** `JSON.parse` makes Infinity of numbers such as `1e400`, which would come back as null. */
function finiteNumbers(value: unknown, path: readonly PropertyKey[], report: Report): void {
  if (hasFiniteNumbers(value)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) finiteNumbers(item, [...path, index], report);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) finiteNumbers(item, [...path, key], report);
  } else {
    report('finite-number', path, value);
  }
}

function hasFiniteNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Array.isArray(value) ? value.every(hasFiniteNumbers) : Object.values(value).every(hasFiniteNumbers);
}
