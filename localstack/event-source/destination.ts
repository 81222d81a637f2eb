import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type EventEnvelope, eventBody, type SourceRecord } from './event-json.ts';
import type { DiscardCondition, Segment } from './retry-plan.ts';

/** Records that a mapping has given up. */
export interface DiscardedBatch {
  readonly mappingUuid: string;
  readonly functionArn: string;
  readonly envelope: EventEnvelope;
  readonly segment: Segment;
  readonly condition: DiscardCondition;
  readonly at: Date;
}

/** Writes a discarded batch to a bucket and returns its key; throws when it is not safely there. */
export type WriteDiscarded = (bucket: string, batch: DiscardedBatch) => Promise<string>;

export function createWriteDiscarded(client: S3Client): WriteDiscarded {
  return async (bucket, batch) => {
    const key = discardedKey(batch, randomUUID());
    const body = JSON.stringify(invocationRecord(batch));
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
    return key;
  };
}

/**
 * `aws/lambda/<mapping>/<source>/<yyyy>/<mm>/<dd>/<time>-<random>`, as AWS names the objects of its other stream
 * sources; for Kafka the source is the first record's `<topic>-<partition>`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function discardedKey({ mappingUuid, segment, at }: DiscardedBatch, random: string): string {
  const iso = at.toISOString();
  const day = iso.slice(0, 10).replaceAll('-', '/');
  const time = iso.slice(0, 19).replaceAll(':', '.');
  return `aws/lambda/${mappingUuid}/${segment.records[0]?.source ?? 'none'}/${day}/${time}-${random}`;
}

interface SourceRange {
  readonly firstRecordOffset: string;
  readonly lastRecordOffset: string;
  readonly firstRecordTimestamp: string;
  readonly lastRecordTimestamp: string;
}

/**
 * The invocation record that AWS writes for a Kafka source; S3 alone gets the payload.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export function invocationRecord({ functionArn, envelope, segment, condition, at }: DiscardedBatch) {
  const payload = eventBody(envelope, segment.records).toString('latin1');
  return {
    requestContext: {
      requestId: segment.requestId ?? randomUUID(),
      functionArn,
      condition,
      approximateInvokeCount: segment.invocations,
    },
    responseContext: responseContext(segment),
    version: '1.0',
    timestamp: at.toISOString(),
    KafkaBatchInfo: {
      batchSize: segment.records.length,
      eventSourceArn: envelope.eventSourceArn,
      bootstrapServers: envelope.bootstrapServers,
      payloadSize: payload.length,
      recordsInfo: recordsInfo(segment.records),
    },
    payload,
  };
}

/** Null where the function never answered; `functionError` is absent where it returned a batch response. */
function responseContext({ response }: Segment) {
  if (response === null) {
    return null;
  }
  const { statusCode, executedVersion, functionError } = response;
  return { statusCode, executedVersion, ...(functionError === null ? {} : { functionError }) };
}

function recordsInfo(records: readonly SourceRecord[]): Record<string, SourceRange> {
  const ranges = new Map<string, SourceRange>();
  for (const { source, offset, timestamp } of records) {
    const lastRecordOffset = String(offset);
    const lastRecordTimestamp = new Date(timestamp).toISOString();
    const range = ranges.get(source) ?? {
      firstRecordOffset: lastRecordOffset,
      firstRecordTimestamp: lastRecordTimestamp,
    };
    ranges.set(source, { ...range, lastRecordOffset, lastRecordTimestamp });
  }
  return Object.fromEntries(ranges);
}
