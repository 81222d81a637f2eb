import { expect, it } from 'vitest';
import { scaleOf } from '../../../functions/survey/scale.ts';
import { validated } from '../../support/entries.ts';
import { responseStatements } from '../../support/survey.ts';

function scale(answer: { readonly scale?: readonly number[]; readonly score?: Readonly<Record<string, number>> }) {
  const [, answered] = responseStatements({ survey: 's', person: 1, answers: { q: { response: '2', ...answer } } });
  return scaleOf(validated(answered).statement);
}

it('takes the scale of a question from its definition, else from the score, else from nowhere', () => {
  expect(scale({ scale: [1, 2, 3, 4], score: { min: 1, max: 5 } })).toEqual({ min: 1, max: 4 });
  expect(scale({ score: { min: 0, max: 10 } })).toEqual({ min: 0, max: 10 });
  expect(scale({ score: { max: 10 } })).toBeNull();
  expect(scale({ score: { scaled: 0.25 } })).toBeNull();
});
