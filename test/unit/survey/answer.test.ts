import { describe, expect, it } from 'vitest';
import { surveyAnswerValue } from '../../../functions/survey/answer.ts';
import { validated } from '../../support/entries.ts';

const ext = 'http://nlj.platform/extensions/';

function answer(type: string | undefined, result: Readonly<Record<string, unknown>>) {
  const { statement } = validated({
    actor: { mbox: 'mailto:someone@example.org' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
    object: { id: 'http://nlj.platform/content/s/question/q' },
    result,
    context: { extensions: type === undefined ? {} : { [`${ext}question_type`]: type } },
  });
  return surveyAnswerValue(statement);
}

describe('the value of a survey answer', () => {
  it.each([
    ['a number in the response', 'likert_scale', { response: ' 4 ' }, { numeric: 4, choice: null }],
    ['the response before the raw score', 'nps', { response: '9', score: { raw: 3 } }, { numeric: 9, choice: null }],
    [
      'the raw score of a rating without a response',
      'rating',
      { score: { raw: 2, scaled: 0.4 } },
      { numeric: 2, choice: null },
    ],
    ['zero, which is a value', 'nps', { response: '0' }, { numeric: 0, choice: null }],
    ['a choice', 'multiple_choice', { response: 'Leeds' }, { numeric: null, choice: 'Leeds' }],
    ['a choice that is a number', 'true_false', { response: '1' }, { numeric: 1, choice: '1' }],
  ])('is %s', (_name, type, result, expected) => {
    expect(answer(type, result)).toEqual(expected);
  });

  it.each([
    ['an empty response', 'multiple_choice', { response: '  ' }],
    ['the raw score of a slider, which is no response', 'slider', { score: { raw: 40 } }],
    ['a scaled score alone', 'nps', { score: { scaled: 0.9 } }],
    ['a response in words to a question that asks for a number', 'likert_scale', { response: 'quite' }],
  ])('is none for %s', (_name, type, result) => {
    expect(answer(type, result)).toBeNull();
  });

  it.each([undefined, 'short_answer', 'a type that nobody knows'])(
    'keeps text out where the question type is %s',
    (type) => {
      expect(answer(type, { response: 'My manager shouts at me' })).toEqual({ numeric: null, choice: null });
    },
  );

  it('takes no number from what only looks like one', () => {
    for (const response of ['0x10', '4 of 5', '1e999', 'Infinity', '--1']) {
      expect(answer('likert_scale', { response })).toBeNull();
    }
  });
});
