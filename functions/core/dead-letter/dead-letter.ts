import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Rejected, type Rejection, rejectionClasses } from '../batch/entry.ts';
import type { RecordCoordinates, SourceRecord } from '../kafka/record.ts';

/** A record that was refused for good, with the place of its original bytes. */
export interface DeadLetter {
  readonly record: RecordCoordinates;
  readonly key: Buffer | null;
  readonly group: string;
  readonly rejection: Rejection;
  readonly bucket: string;
  readonly objectKey: string;
}

/** Holds the original bytes of dead letters. One adapter: `s3-dead-letters.ts`. */
export interface DeadLetterStore {
  readonly bucket: string;
  /**
   * Writes one object. Writing the same again changes nothing that matters.
   * @throws TransientError | ConfigurationError
   */
  put(objectKey: string, envelope: Envelope): Promise<void>;
}

const bytes = z.base64().nullable();

/** The object of a dead letter, version 1. Bytes are base64, null where the record has none. */
export const envelopeSchema = z
  .object({
    version: z.literal(1),
    group: z.string(),
    source: z.object({
      cluster: z.string(),
      topic: z.string(),
      partition: z.number().int(),
      offset: z.number().int(),
      /** Milliseconds since the epoch. */
      timestamp: z.number().int(),
      timestampType: z.string(),
    }),
    key: bytes,
    value: bytes,
    /** In order; a name may repeat. */
    headers: z.array(z.object({ name: z.string(), value: z.base64() })),
    rejection: z.object({
      class: z.enum(rejectionClasses),
      errors: z.array(
        z.object({
          path: z.string(),
          rule: z.string(),
          requirement: z.string(),
          expected: z.string(),
          found: z.string(),
        }),
      ),
    }),
  })
  .readonly();
export type Envelope = z.infer<typeof envelopeSchema>;

/** The object that a rejected record becomes: a function of the record and its rejection alone. */
export function envelopeOf(group: string, { record, rejection }: Rejected): Envelope {
  return {
    version: 1,
    group,
    source: {
      cluster: record.cluster,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      timestamp: record.timestamp,
      timestampType: record.timestampType,
    },
    key: record.key?.toString('base64') ?? null,
    value: record.value?.toString('base64') ?? null,
    headers: record.headers.map(({ name, value }) => ({ name, value: value.toString('base64') })),
    rejection: { class: rejection.class, errors: [...rejection.errors] },
  };
}

/** Prefix of every dead letter's object key; the function may write under it and nowhere else. */
export const deadLetterPrefix = 'dead-letters/';

/**
 * Prefix of the batches that the event source mappings gave up; Lambda chooses the keys.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export const mappingPrefix = 'aws/lambda/';

/** Key of a dead letter's object: a function of the coordinates, so that a repetition meets its own object. */
export function objectKeyOf({ cluster, topic, partition, offset, timestamp }: RecordCoordinates): string {
  const clusterId = createHash('sha256').update(cluster).digest('hex').slice(0, 16);
  return `${deadLetterPrefix}${clusterId}/${topic}/${partition}/${String(offset).padStart(20, '0')}-${timestamp}.json`;
}

/** A rejected record as a dead letter, once its bytes have a place. */
export function deadLetterOf(group: string, bucket: string, rejected: Rejected): DeadLetter {
  const record: SourceRecord = rejected.record;
  return { record, key: record.key, group, rejection: rejected.rejection, bucket, objectKey: objectKeyOf(record) };
}
