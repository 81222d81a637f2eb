import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import type pg from 'pg';
import { envelopeSchema } from '../../functions/core/dead-letter/dead-letter.ts';
import { readGivenUpBatch } from './given-up.ts';
import { type KafkaRecord, placeOf } from './kafka-records.ts';

/** A dead letter that waits or was discarded. */
export interface DeadLetterRow {
  readonly class: string;
  readonly bucket: string;
  readonly objectKey: string;
}

/** Dead letters of one partition's records, by offset. */
export async function deadLettersOf(
  pool: pg.Pool,
  topic: string,
  partition: number,
  records: readonly KafkaRecord[],
): Promise<Map<number, DeadLetterRow>> {
  const { rows } = await pool.query<{ offset: string; class: string; bucket: string; object_key: string }>(
    `select "offset", class, bucket, object_key from dead_letter
      where topic = $1 and partition = $2 and "offset" = any($3::bigint[]) and state <> 'replayed'`,
    [topic, partition, records.map(({ offset }) => offset)],
  );
  return new Map(
    rows.map((row) => [Number(row.offset), { class: row.class, bucket: row.bucket, objectKey: row.object_key }]),
  );
}

/** Says of each dead letter whose object does not hold its record's bytes where it lies. */
export async function checkDeadLetterObjects(
  s3: S3Client,
  letters: readonly (readonly [KafkaRecord, DeadLetterRow])[],
): Promise<string[]> {
  const faults = await pMap(
    letters,
    async ([record, { bucket, objectKey }]) => {
      const kept = await s3
        .send(new GetObjectCommand({ Bucket: bucket, Key: objectKey }))
        .then(({ Body }) => Body?.transformToString() ?? '')
        .then((text) => bytesOf(JSON.parse(text), record))
        .catch(() => null);
      const same = kept !== null && kept.key === base64(record.key) && kept.value === base64(record.value);
      return same ? [] : [`${placeOf(record)}/${record.offset}: its dead letter's object does not hold its bytes`];
    },
    { concurrency: 8 },
  );
  return faults.flat();
}

/** Key and value in base64, from an object of our own or from a batch that a mapping gave up. */
function bytesOf(object: unknown, record: KafkaRecord): { readonly key: string | null; readonly value: string | null } {
  const envelope = envelopeSchema.safeParse(object);
  return envelope.success ? envelope.data : readGivenUpBatch(object, record);
}

function base64(bytes: Buffer | null): string | null {
  return bytes?.toString('base64') ?? null;
}
