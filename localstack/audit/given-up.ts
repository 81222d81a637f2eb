import { z } from 'zod';
import type { KafkaRecord } from './kafka-records.ts';

const bytes = z.string().nullish();
const batch = z.object({ payload: z.string() });
const event = z.object({
  records: z.record(
    z.string(),
    z.array(z.object({ topic: z.string(), partition: z.number(), offset: z.number(), key: bytes, value: bytes })),
  ),
});

/** A record's bytes in a batch that a mapping gave up. @throws Error where it is not in it. */
export function readGivenUpBatch(object: unknown, { topic, partition, offset }: KafkaRecord) {
  const { records } = event.parse(JSON.parse(batch.parse(object).payload));
  const found = (records[`${topic}-${partition}`] ?? []).find((record) => record.offset === offset);
  if (found === undefined) throw new Error('The batch does not hold the record');
  return { key: found.key ?? null, value: found.value ?? null };
}
