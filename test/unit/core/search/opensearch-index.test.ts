import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSearchIndex } from '../../../../functions/core/search/opensearch-index.ts';
import { type HttpAnswer, jsonAnswer } from '../../../../localstack/faults/proxy/http-proxy.ts';
import { type AnsweringIndex, openAnsweringIndex } from '../../../support/answering-index.ts';

let index: AnsweringIndex;
beforeAll(async () => {
  index = await openAnsweringIndex();
});
afterAll(() => index.close());

const writes = (names: readonly string[]) =>
  names.map((id) => ({
    document: {
      id,
      stored: '2026-03-01T10:00:00.000000Z',
      timestamp: '',
      group: '',
      event: '',
      origin: 'producer',
      verb: '',
      voided: false,
      learner_number: false,
      version: 1,
    } as const,
    version: 1,
  }));

const written = (names: readonly string[], answer: (body: string) => HttpAnswer) =>
  index.answering(answer, () => openSearchIndex(index.client).write(writes(names), [1]));

const taken = (body: string): HttpAnswer =>
  jsonAnswer(200, {
    errors: false,
    items: body
      .trimEnd()
      .split('\n')
      .filter((_, line) => line % 2 === 0)
      .map(() => ({ index: { status: 201 } })),
  });

describe('a bulk request that is refused as a whole', () => {
  it.each([400, 413])('with %i costs the offending document only', async (status) => {
    const outcomes = await written(['a', 'b', 'bad', 'd', 'e'], (body) =>
      body.includes('"bad"') ? jsonAnswer(status, { error: 'refused' }) : taken(body),
    );
    const indexed = { kind: 'indexed' };
    expect(outcomes).toEqual([indexed, indexed, { kind: 'refused', reason: `status ${status}` }, indexed, indexed]);
  });

  it.each([408, 429, 500, 502, 503, 504])('with %i comes again', async (status) => {
    expect(await written(['a'], () => jsonAnswer(status, {}))).toEqual([{ kind: 'transient' }]);
  });

  it('by a broken connection comes again', async () => {
    expect(await written(['a'], () => 'cut')).toEqual([{ kind: 'transient' }]);
  });

  it.each([401, 403, 404, 405])('with %i needs people', async (status) => {
    await expect(written(['a'], () => jsonAnswer(status, {}))).rejects.toThrow(`The index answered ${status}`);
  });

  it('with a block of the cluster comes again', async () => {
    const error = { type: 'cluster_block_exception', reason: 'index [x] blocked by: [FORBIDDEN/12/index read-only]' };
    expect(await written(['a'], () => jsonAnswer(403, { error, status: 403 }))).toEqual([{ kind: 'transient' }]);
  });
});
