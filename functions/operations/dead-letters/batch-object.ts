import { z } from 'zod';
import type { KafkaEvent } from '../../core/kafka/event.ts';
import { recordsOf, type SourceRecord } from '../../core/kafka/record.ts';

const eventSchema = z.object({
  eventSource: z.string(),
  eventSourceArn: z.string(),
  bootstrapServers: z.string().default(''),
  records: z.record(
    z.string(),
    z.array(
      z.object({
        topic: z.string(),
        partition: z.int(),
        offset: z.int(),
        timestamp: z.int(),
        timestampType: z.string(),
        key: z.base64().nullable().default(null),
        value: z.base64().nullable().default(null),
        headers: z.array(z.record(z.string(), z.array(z.number()))).default([]),
      }),
    ),
  ),
}) satisfies z.ZodType<KafkaEvent>;

const invocationSchema = z.object({
  requestContext: z.object({ condition: z.string() }),
  /** The whole event as text: what S3 gets and no other destination. */
  payload: z.string(),
});

/** Records that a mapping gave up, as its S3 destination holds them. */
export interface GivenUpBatch {
  /** Why, such as `RetryAttemptsExhausted`. */
  readonly condition: string;
  readonly records: readonly SourceRecord[];
}

/**
 * Reads the object that Lambda writes for a Kafka source.
 * @throws Error if it is none; the message holds nothing of its content.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export function readGivenUpBatch(text: string): GivenUpBatch {
  try {
    const { requestContext, payload } = invocationSchema.parse(JSON.parse(text));
    return { condition: requestContext.condition, records: recordsOf(eventSchema.parse(JSON.parse(payload))) };
  } catch {
    throw new Error('The object is not a batch that an event source mapping gave up');
  }
}

/** The text of such an object with only some of its records; everything else of it stays. */
export function givenUpBatchWith(text: string, keeps: (record: SourceRecord) => boolean): string {
  const object = z.looseObject({ payload: z.string() }).parse(JSON.parse(text));
  const event = eventSchema.loose().parse(JSON.parse(object.payload));
  const kept = new Set(recordsOf(event).filter(keeps).map(placeOf));
  const records = Object.entries(event.records).map(([partition, list]) => [
    partition,
    list.filter((record) => kept.has(placeOf(record))),
  ]);
  return JSON.stringify({ ...object, payload: JSON.stringify({ ...event, records: Object.fromEntries(records) }) });
}

function placeOf({ topic, partition, offset }: { topic: string; partition: number; offset: number }): string {
  return `${topic}/${partition}/${offset}`;
}
