import { describe, expect, it } from 'vitest';
import { type Mapping, pollerCount, readMapping } from '../../../../localstack/event-source/mapping.ts';

const entry = {
  UUID: 'u',
  FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/nlj/abc',
  State: 'Enabled',
  Topics: ['xapi-events'],
};
const destination = { OnFailure: { Destination: 'arn:aws:s3:::dead-letters' } };

function active(changes: Readonly<Record<string, unknown>> = {}): Mapping {
  const reading = readMapping({ ...entry, ...changes });
  if (reading.kind !== 'active') {
    throw new Error(`expected an active mapping, got ${JSON.stringify(reading)}`);
  }
  return reading.mapping;
}

describe('a mapping', () => {
  it("has AWS's defaults", () => {
    expect(active()).toEqual({
      uuid: 'u',
      functionArn: entry.FunctionArn,
      eventSourceArn: entry.EventSourceArn,
      topics: ['xapi-events'],
      consumerGroupId: 'u',
      batchSize: 100,
      windowMs: 500,
      startingPosition: { kind: 'earliest' },
      reportBatchItemFailures: false,
      bisectOnFunctionError: false,
      maximumRetryAttempts: Number.POSITIVE_INFINITY,
      maximumRecordAgeMs: Number.POSITIVE_INFINITY,
      maximumPollers: Number.POSITIVE_INFINITY,
      destinationBucket: null,
      metrics: [],
      provisioned: false,
    });
  });

  it('has its own settings', () => {
    const timestamp = new Date(5000);
    expect(
      active({
        BatchSize: 20_000,
        MaximumBatchingWindowInSeconds: 0,
        StartingPosition: 'AT_TIMESTAMP',
        StartingPositionTimestamp: timestamp,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10_000,
        MaximumRecordAgeInSeconds: 60,
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g' },
        ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 4 },
        DestinationConfig: destination,
      }),
    ).toMatchObject({
      consumerGroupId: 'g',
      batchSize: 10_000,
      windowMs: 0,
      startingPosition: { kind: 'timestamp', timestamp: 5000 },
      reportBatchItemFailures: true,
      bisectOnFunctionError: true,
      maximumRetryAttempts: 10_000,
      maximumRecordAgeMs: 60_000,
      maximumPollers: 4,
      destinationBucket: 'dead-letters',
    });
  });

  it('with infinite retries and a destination is capped at ten', () => {
    expect(active({ MaximumRetryAttempts: -1, DestinationConfig: destination }).maximumRetryAttempts).toBe(10);
    expect(active({ DestinationConfig: destination }).maximumRetryAttempts).toBe(10);
    expect(active({ MaximumRetryAttempts: -1 }).maximumRetryAttempts).toBe(Number.POSITIVE_INFINITY);
    expect(active({ MaximumRetryAttempts: 12, DestinationConfig: destination }).maximumRetryAttempts).toBe(12);
  });

  it('runs as many pollers as it may have, and no more than there are partitions', () => {
    expect(pollerCount(active(), 6)).toBe(6);
    expect(pollerCount(active({ ProvisionedPollerConfig: { MaximumPollers: 4 } }), 6)).toBe(4);
    expect(pollerCount(active({ ProvisionedPollerConfig: { MinimumPollers: 9, MaximumPollers: 9 } }), 6)).toBe(6);
    expect(pollerCount(active(), 0)).toBe(1);
  });

  it.each([
    { State: 'Disabled' },
    { State: 'Disabling' },
    { State: 'Deleting' },
    { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:queue' },
    { EventSourceArn: undefined },
  ])('with %j is inactive', (changes) => {
    expect(readMapping({ ...entry, ...changes })).toEqual({ kind: 'inactive' });
  });

  it.each([
    { FilterCriteria: { Filters: [{ Pattern: '{}' }] } },
    { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:queue' } } },
    { DestinationConfig: { OnFailure: { Destination: 'kafka://topic' } } },
    { Topics: [] },
    { FunctionArn: undefined },
  ])('with %j is refused', (changes) => {
    expect(readMapping({ ...entry, ...changes })).toMatchObject({ kind: 'refused', uuid: 'u' });
  });

  it('without filters in its filter criteria is not refused', () => {
    expect(readMapping({ ...entry, FilterCriteria: { Filters: [] } })).toMatchObject({ kind: 'active' });
  });
});
