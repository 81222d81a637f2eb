import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { search, searchAll } from '../../../../functions/analytics/search/ask.ts';
import { ConfigurationError, TransientError } from '../../../../functions/core/errors.ts';
import { type HttpAnswer, jsonAnswer } from '../../../../localstack/faults/proxy/http-proxy.ts';
import { type AnsweringIndex, openAnsweringIndex } from '../../../support/answering-index.ts';

let index: AnsweringIndex;
beforeAll(async () => {
  index = await openAnsweringIndex();
});
afterAll(() => index.close());

const answered = <T>(answer: HttpAnswer, ask: () => Promise<T>) => index.answering(() => answer, ask);

const whole = {
  timed_out: false,
  _shards: { total: 1, failed: 0 },
  hits: { total: { value: 7 } },
  aggregations: { a: 1 },
};
const found = { total: 7, sources: [], aggregations: { a: 1 } };

describe('a search', () => {
  it('is answered with what was found', async () => {
    expect(await answered(jsonAnswer(200, whole), () => search(index.client, {}))).toEqual(found);
  });

  it('without any index has found nothing', async () => {
    const none = { timed_out: false, _shards: { total: 0, failed: 0 }, hits: { total: { value: 0 }, hits: [] } };
    const empty = { total: 0, sources: [], aggregations: {} };
    expect(await answered(jsonAnswer(200, none), () => search(index.client, {}))).toEqual(empty);
  });

  it.each([
    ['took too long', { ...whole, timed_out: true }],
    ['reached only some of the shards', { ...whole, _shards: { total: 2, failed: 1 } }],
  ])('that %s has no answer', async (_, body) => {
    await expect(answered(jsonAnswer(200, body), () => search(index.client, {}))).rejects.toThrow(TransientError);
  });

  it.each([
    [503, TransientError],
    [429, TransientError],
    [403, ConfigurationError],
    [400, ConfigurationError],
  ])('refused with %i is told by what can be done', async (status, kind) => {
    const refusal = jsonAnswer(status, { error: { type: 'some_exception' }, status });
    await expect(answered(refusal, () => search(index.client, {}))).rejects.toThrow(kind);
  });
});

describe('several searches', () => {
  it('are answered in their order', async () => {
    const body = { responses: [whole, { ...whole, hits: { total: { value: 8 } } }] };
    const answers = await answered(jsonAnswer(200, body), () => searchAll(index.client, [{}, {}]));
    expect(answers.map(({ total }) => total)).toEqual([7, 8]);
  });

  it.each([
    [503, TransientError],
    [400, ConfigurationError],
  ])('of which one failed with %i have no answer', async (status, kind) => {
    const body = { responses: [whole, { error: { type: 'search_phase_execution_exception' }, status }] };
    await expect(answered(jsonAnswer(200, body), () => searchAll(index.client, [{}, {}]))).rejects.toThrow(kind);
  });
});
