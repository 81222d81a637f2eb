import { describe, expect, it } from 'vitest';
import { readGivenUpBatch } from '../../../../functions/operations/dead-letters/batch-object.ts';
import { invocationRecord } from '../../../../localstack/event-source/destination.ts';
import { toSourceRecord } from '../../../../localstack/event-source/event-json.ts';

const fields = {
  topic: 'xapi-events',
  partition: 2,
  offset: 9,
  timestamp: 1_770_000_000_000,
  timestampType: 'CREATE_TIME',
} as const;

describe('a batch that a mapping gave up', () => {
  it('gives back every record as it lay in Kafka', () => {
    const object = invocationRecord({
      mappingUuid: 'u',
      functionArn: 'arn:aws:lambda:us-east-1:1:function:f',
      envelope: { eventSourceArn: 'arn:aws:kafka:us-east-1:1:cluster/a/1', bootstrapServers: 'b:9098' },
      segment: {
        records: [
          toSourceRecord({ ...fields, key: Buffer.from([0, 255]), value: Buffer.from('{"é":1}'), headers: [] }),
          toSourceRecord({
            ...fields,
            offset: 10,
            key: null,
            value: null,
            headers: [[Buffer.from('h'), Buffer.from([200])]],
          }),
        ],
        failures: 10_000,
        invocations: 10_001,
        waits: 0,
        tooLarge: false,
        requestId: null,
        response: null,
      },
      condition: 'RetryAttemptsExhausted',
      at: new Date(0),
    });
    const { condition, records } = readGivenUpBatch(JSON.stringify(object));
    expect(condition).toBe('RetryAttemptsExhausted');
    expect(records).toEqual([
      {
        ...fields,
        cluster: 'arn:aws:kafka:us-east-1:1:cluster/a/1',
        key: Buffer.from([0, 255]),
        value: Buffer.from('{"é":1}'),
        headers: [],
      },
      {
        ...fields,
        cluster: 'arn:aws:kafka:us-east-1:1:cluster/a/1',
        offset: 10,
        key: null,
        value: null,
        headers: [{ name: 'h', value: Buffer.from([200]) }],
      },
    ]);
  });

  it('that is none is refused without a word of its content', () => {
    expect(() => readGivenUpBatch('{"payload":"secret"}')).toThrow(/^The object is not a batch/);
  });
});
