import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { cursorSeal } from '../../../functions/api/http/cursor.ts';
import { cursor as cursorParameter } from '../../../functions/api/http/parameters.ts';
import { pepper } from './support.ts';

const schema = z.strictObject({ at: z.string(), n: z.int() });
const seal = cursorSeal(pepper, ['list', { learner: 'a' }]);

it('gives back what was sealed', () => {
  fc.assert(
    fc.property(fc.record({ at: fc.string({ maxLength: 40 }), n: fc.integer() }), (position) => {
      const text = seal.seal(position);
      expect(cursorParameter.safeParse(text).success).toBe(true);
      expect(seal.open(text, schema)).toEqual(JSON.parse(JSON.stringify(position)));
    }),
  );
});

it('is nothing without a cursor', () => {
  expect(seal.open(undefined, schema)).toBeNull();
});

it('takes nothing that was changed, made up, or of another list', () => {
  const refused = { kind: 'problem', status: 400, errors: [{ field: 'cursor' }] };
  const text = seal.seal({ at: 'x', n: 1 });
  expect(cursorSeal(pepper, ['list', { learner: 'b' }]).open(text, schema)).toMatchObject(refused);
  expect(cursorSeal({ ...pepper, secret: 'another' }, ['list', { learner: 'a' }]).open(text, schema)).toMatchObject(
    refused,
  );
  expect(seal.open(seal.seal({ at: 'x' }), schema)).toMatchObject(refused);
  fc.assert(
    fc.property(fc.string(), fc.nat(text.length - 1), fc.constantFrom(...'AB_-.'), (made, place, character) => {
      expect(seal.open(made, schema)).toMatchObject(refused);
      const changed = text.slice(0, place) + character + text.slice(place + 1);
      // The last character of base64url can stand for the same bytes.
      if (changed !== text && place !== text.length - 1) expect(seal.open(changed, schema)).toMatchObject(refused);
    }),
  );
});
