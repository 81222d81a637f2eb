import { describe, expect, it } from 'vitest';
import { discardedKey, invocationRecord } from '../../../../localstack/event-source/destination.ts';
import { eventBody } from '../../../../localstack/event-source/event-json.ts';
import { planOf } from '../../../../localstack/event-source/retry-plan.ts';
import { envelope, record } from './support.ts';

const records = [record(0, 5, 1000), record(1, 9, 2000), record(0, 6, 3000)];
const [segment] = planOf(records).segments;
if (segment === undefined) {
  throw new Error('a plan of records has a segment');
}
const response = { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' };
const batch = {
  mappingUuid: 'u',
  functionArn: 'arn:f',
  envelope,
  segment: { ...segment, invocations: 4, requestId: 'r', response },
  condition: 'RetryAttemptsExhausted',
  at: new Date('2026-11-24T01:02:03.004Z'),
} as const;

describe('a discarded batch', () => {
  it('lies under a key like those of AWS', () => {
    expect(discardedKey(batch, 'x')).toBe('aws/lambda/u/t-0/2026/11/24/2026-11-24T01.02.03-x');
  });

  it("is wrapped in AWS's invocation record, with the whole event as a string", () => {
    const payload = eventBody(envelope, records).toString('utf8');
    expect(invocationRecord(batch)).toEqual({
      requestContext: {
        requestId: 'r',
        functionArn: 'arn:f',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 4,
      },
      responseContext: response,
      version: '1.0',
      timestamp: '2026-11-24T01:02:03.004Z',
      KafkaBatchInfo: {
        batchSize: 3,
        eventSourceArn: envelope.eventSourceArn,
        bootstrapServers: envelope.bootstrapServers,
        payloadSize: payload.length,
        recordsInfo: {
          't-0': {
            firstRecordOffset: '5',
            lastRecordOffset: '6',
            firstRecordTimestamp: '1970-01-01T00:00:01.000Z',
            lastRecordTimestamp: '1970-01-01T00:00:03.000Z',
          },
          't-1': {
            firstRecordOffset: '9',
            lastRecordOffset: '9',
            firstRecordTimestamp: '1970-01-01T00:00:02.000Z',
            lastRecordTimestamp: '1970-01-01T00:00:02.000Z',
          },
        },
      },
      payload,
    });
  });

  it('has no response where the function was never invoked, and no function error where it answered', () => {
    expect(invocationRecord({ ...batch, segment }).responseContext).toBeNull();
    const answered = { ...segment, response: { ...response, functionError: null } };
    expect(invocationRecord({ ...batch, segment: answered }).responseContext).toEqual({
      statusCode: 200,
      executedVersion: '$LATEST',
    });
  });
});
