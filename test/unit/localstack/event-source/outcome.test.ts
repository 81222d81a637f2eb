import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InvocationResult, interpret } from '../../../../localstack/event-source/outcome.ts';
import { failures, recordsOf } from './support.ts';

const settings = { reportBatchItemFailures: true, bisectOnFunctionError: true };
const records = recordsOf([3, 2]);
const response = { statusCode: 200, executedVersion: '$LATEST', functionError: null };

function returned(payload: string): InvocationResult {
  return { kind: 'returned', requestId: 'r', payload, response };
}

describe('a batch response', () => {
  it.each(['', 'null', '{}', '{"batchItemFailures":null}', '{"batchItemFailures":[]}'])(
    'of %j means done',
    (payload) => {
      expect(interpret(returned(payload), records, settings)).toEqual({ kind: 'done' });
    },
  );

  it.each([
    '"text"',
    '[]',
    '1',
    'not json',
    '{"batchItemFailures":{}}',
    '{"batchItemFailures":[{}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0"}}]}',
    '{"batchItemFailures":[{"itemIdentifier":{"partition":"","offset":0}}]}',
    '{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":"0"}}]}',
  ])('of %j is malformed: the whole batch again', (payload) => {
    expect(interpret(returned(payload), records, settings)).toMatchObject({ kind: 'retry-whole' });
  });

  it('lists what comes again, and only that', () => {
    const listed = records.filter(({ offset }) => offset === 1);
    expect(interpret(returned(failures(listed)), records, settings)).toEqual({
      kind: 'retry-records',
      records: listed,
    });
  });

  it('may list a record twice', () => {
    const [first] = records;
    const listed = first === undefined ? [] : [first, first];
    expect(interpret(returned(failures(listed)), records, settings)).toEqual({
      kind: 'retry-records',
      records: [first],
    });
  });

  it('with an identifier that is not in the batch means the whole batch again', () => {
    const unknown = fc.oneof(
      fc.record({ source: fc.constantFrom('t-0', 't-1'), offset: fc.integer({ min: 3, max: 1e9 }) }),
      fc.record({ source: fc.string({ minLength: 1 }).filter((name) => !/^t-[01]$/.test(name)), offset: fc.nat(4) }),
    );
    fc.assert(
      fc.property(fc.subarray(records), unknown, (known, other) => {
        expect(interpret(returned(failures([...known, other])), records, settings)).toMatchObject({
          kind: 'retry-whole',
        });
      }),
    );
  });

  it('is ignored where the mapping does not report batch item failures', () => {
    const off = { ...settings, reportBatchItemFailures: false };
    expect(interpret(returned(failures(records)), records, off)).toEqual({ kind: 'done' });
    expect(interpret(returned('not json'), records, off)).toEqual({ kind: 'done' });
  });
});

describe('a function error', () => {
  const failed: InvocationResult = {
    kind: 'function-error',
    requestId: 'r',
    response: { ...response, functionError: 'Unhandled' },
  };

  it('halves the batch', () => {
    expect(interpret(failed, records, settings)).toMatchObject({ kind: 'bisect' });
  });

  it('means the same again for a single record, or without bisect', () => {
    expect(interpret(failed, records.slice(0, 1), settings)).toMatchObject({ kind: 'retry-whole' });
    expect(interpret(failed, records, { ...settings, bisectOnFunctionError: false })).toMatchObject({
      kind: 'retry-whole',
    });
  });
});

describe('an invocation that was not made', () => {
  it('spends no attempt', () => {
    const throttled: InvocationResult = { kind: 'not-invoked', reason: 'TooManyRequestsException' };
    expect(interpret(throttled, records, settings)).toEqual({ kind: 'again', reason: 'TooManyRequestsException' });
  });

  it('as too large is halved down to the record that is', () => {
    expect(interpret({ kind: 'too-large' }, records, settings)).toMatchObject({ kind: 'bisect' });
    expect(interpret({ kind: 'too-large' }, records.slice(0, 1), settings)).toEqual({ kind: 'too-large' });
  });
});
