import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, validateStatement } from '../../../../functions/core/xapi/index.ts';
import { jsonPath } from '../../../../functions/core/xapi/json-path.ts';
import { junk, statement } from './support/arbitrary.ts';
import { brokenRules, errorsOf } from './support/statements.ts';

type Path = readonly (string | number)[];

/** Every place of a statement's structure; what is inside extensions is no structure. */
function places(value: unknown, path: Path = []): Path[] {
  const inner =
    path.at(-1) === 'extensions'
      ? []
      : Array.isArray(value)
        ? value.flatMap((item, index) => places(item, [...path, index]))
        : isJsonObject(value)
          ? Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))
          : [];
  return [path, ...inner];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner === null || typeof inner !== 'object' ? undefined : Reflect.get(inner, step)),
    value,
  );
}

function replacedAt(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? replacedAt(item, rest, replacement) : item));
  return isJsonObject(value) ? { ...value, [step]: replacedAt(value[step], rest, replacement) } : value;
}

const place = fc.tuple(statement, fc.nat()).map(([made, index]) => {
  const all = places(made);
  return { made, path: all[index % all.length] ?? [] };
});

/** Paths from the root to the place: a union may be told apart by a member of it. */
function isAtOrAbove(path: Path, broken: string): boolean {
  return path.some((_, index) => jsonPath(path.slice(0, index + 1)) === broken) || broken === '$';
}

describe('validation', () => {
  it('accepts every statement of the model', () => {
    fc.assert(
      fc.property(statement, (made) => {
        expect(brokenRules(made)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses null at any place of the structure, at that path', () => {
    fc.assert(
      fc.property(place, ({ made, path }) => {
        expect(brokenRules(replacedAt(made, path, null))).toContain(`${jsonPath(path)} null`);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a member that is unknown at any place of the structure, at its path', () => {
    fc.assert(
      fc.property(place, ({ made, path }) => {
        const holder = valueAt(made, path);
        fc.pre(isJsonObject(holder) && path.at(-1) !== 'extensions');
        const wrong = replacedAt(made, path, { ...(isJsonObject(holder) ? holder : {}), notAMember: 1 });
        const paths = errorsOf(wrong).map((error) => error.path);
        expect(paths).toContain(jsonPath([...path, 'notAMember']));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a value of another type at any place of the structure, at that path', () => {
    fc.assert(
      fc.property(place, ({ made, path }) => {
        const wrong = typeof valueAt(made, path) === 'boolean' ? 'x' : true;
        const errors = errorsOf(replacedAt(made, path, wrong));
        expect(errors.some((error) => error.path === jsonPath(path))).toBe(true);
        expect(errors.find((error) => error.path === jsonPath(path))?.found).toBe(typeof wrong);
      }),
      { numRuns: 500 },
    );
  });

  it('finds nothing wrong elsewhere when a format is broken', () => {
    fc.assert(
      fc.property(place, ({ made, path }) => {
        fc.pre(typeof valueAt(made, path) === 'number');
        const errors = errorsOf(replacedAt(made, path, 'not a number'));
        expect(errors.every((error) => isAtOrAbove(path, error.path))).toBe(true);
      }),
    );
  });

  it('never throws, and says nothing of values', () => {
    fc.assert(
      fc.property(fc.oneof(junk, fc.anything()), (value) => {
        const outcome = validateStatement(value);
        expect(outcome.ok || outcome.errors.length > 0).toBe(true);
      }),
    );
    const secret = 'dana.okafor';
    const members: JsonObject = {
      actor: { mbox: secret, name: [secret], openid: secret },
      verb: { id: secret },
      object: secret,
    };
    expect(JSON.stringify(errorsOf(members))).not.toContain(secret);
  });
});
