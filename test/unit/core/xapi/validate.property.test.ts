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

function removedAt(value: unknown, [step, ...rest]: Path): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? removedAt(item, rest) : item));
  if (!isJsonObject(value) || step === undefined) return value;
  if (rest.length > 0) return { ...value, [step]: removedAt(value[step], rest) };
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== step));
}

/** A statement and a place of it that is of a kind; statements without one are passed over. */
function placeWhere(matches: (path: Path, made: JsonObject) => boolean) {
  return fc
    .tuple(statement, fc.nat())
    .map(([made, index]) => {
      const all = places(made).filter((path) => matches(path, made));
      return { made, path: all[index % Math.max(all.length, 1)] ?? [] };
    })
    .filter(({ path }) => path.length > 0);
}

const maps: readonly unknown[] = ['display', 'description', 'extensions'];

/** Whether the place is an entry of a language map or of extensions: its key is the producer's. */
function isKeyOfMap(path: Path): boolean {
  const holder = path.at(-2);
  return maps.includes(holder) || (holder === 'name' && path.at(-3) === 'definition');
}

const formats = ['mbox', 'mbox_sha1sum', 'openid', 'homePage', 'registration', 'language', 'timestamp', 'stored'];
const moreFormats = [
  'version',
  'duration',
  'type',
  'moreInfo',
  'usageType',
  'contentType',
  'fileUrl',
  'interactionType',
];
const lists: readonly unknown[] = ['choices', 'scale', 'source', 'target', 'steps'];

function hasFormat(path: Path): boolean {
  const name = String(path.at(-1));
  if (isKeyOfMap(path)) return false;
  if (name === 'id') return !lists.includes(path.at(-3));
  return [...formats, ...moreFormats].includes(name);
}

/** Members without which what holds them is invalid at their path. */
function isRequired(path: Path, made: JsonObject): boolean {
  const name = String(path.at(-1));
  if (isKeyOfMap(path)) return false;
  if (name === 'id') return path.length > 1;
  if (path.at(-2) === 'account') return true;
  if (['verb', 'actor'].includes(name)) return true;
  if (name === 'object') return isJsonObject(valueAt(made, path));
  return path.at(-3) === 'attachments' && !['description', 'fileUrl'].includes(name);
}

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

  it('refuses a text that breaks the format of any place that has one, at that path', () => {
    fc.assert(
      fc.property(placeWhere(hasFormat), fc.constantFrom('', ' ', 'a b', 'http//x', '1-'), ({ made, path }, wrong) => {
        expect(errorsOf(replacedAt(made, path, wrong)).map((error) => error.path)).toContain(jsonPath(path));
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses any member of the structure in another letter case, at its path', () => {
    fc.assert(
      fc.property(
        placeWhere((path) => typeof path.at(-1) === 'string' && !isKeyOfMap(path)),
        ({ made, path }) => {
          const renamed = [...path.slice(0, -1), String(path.at(-1)).toUpperCase()];
          const moved = replacedAt(removedAt(made, path), renamed, valueAt(made, path));
          expect(brokenRules(moved)).toContain(`${jsonPath(renamed)} unknown-member`);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses a statement without a member that is required, at its path', () => {
    fc.assert(
      fc.property(placeWhere(isRequired), ({ made, path }) => {
        const errors = errorsOf(removedAt(made, path));
        expect(errors.map((error) => error.path)).toContain(jsonPath(path));
        expect(errors.find((error) => error.path === jsonPath(path))?.found).toBe('absent');
      }),
      { numRuns: 500 },
    );
  });

  it('says the same of a statement whose keys stand in another order', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : isJsonObject(value)
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, item]) => [key, reversed(item)]),
            )
          : value;
    fc.assert(
      fc.property(fc.oneof(statement, junk), (made) => {
        expect(brokenRules(reversed(made)).toSorted()).toEqual(brokenRules(made).toSorted());
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

  it('gives a statement too large for every error to be listed the same verdict, and errors that it has', () => {
    const large = { 'http://large.example': Array.from({ length: 50_001 }, () => 0) };
    fc.assert(
      fc.property(place, fc.constantFrom(null, true, {}, 'x'), ({ made, path }, wrong) => {
        const changed = replacedAt(made, path, wrong);
        fc.pre(isJsonObject(changed) && isJsonObject(changed['result'] ?? {}));
        const padded = {
          ...(isJsonObject(changed) ? changed : {}),
          result: { ...(isJsonObject(changed) && isJsonObject(changed['result']) ? changed['result'] : {}) },
        };
        const all = brokenRules(padded);
        const some = brokenRules({ ...padded, result: { ...padded.result, extensions: large } });
        fc.pre(!all.some((error) => error.startsWith('$.result')));
        expect(some.length > 0).toBe(all.length > 0);
        expect(all).toEqual(expect.arrayContaining(some.filter((error) => error !== '$ truncated')));
        if (all.length > 0) expect(some.at(-1)).toBe('$ truncated');
      }),
      { numRuns: 100 },
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
