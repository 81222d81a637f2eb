import { GetObjectCommand, paginateListObjectsV2, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { deadLetterPrefix, envelopeSchema } from '../../core/dead-letter/dead-letter.ts';
import { classifiedFault } from '../../core/dead-letter/s3-dead-letters.ts';
import type { SourceRecord } from '../../core/kafka/record.ts';
import type { DeadLetterRow } from './answer.ts';
import { readGivenUpBatch } from './batch-object.ts';

/** Objects that are read at once. */
const concurrency = 16;

/** The bucket, as far as dead letters are read from it. */
export interface Originals {
  /** The text of an object, or null if there is none. @throws TransientError | ConfigurationError */
  read(objectKey: string): Promise<string | null>;
  /** Keys under a prefix, page by page. @throws TransientError | ConfigurationError */
  list(prefix: string): AsyncIterable<readonly string[]>;
}

/** The original record of each row, byte for byte, or null where its object is gone or does not hold it. */
export async function originalRecords(
  rows: readonly DeadLetterRow[],
  originals: Originals,
): Promise<(SourceRecord | null)[]> {
  const rowsByObject = Map.groupBy(rows.entries(), ([, { objectKey }]) => objectKey);
  const records: (SourceRecord | null)[] = rows.map(() => null);
  await pMap(
    rowsByObject,
    async ([objectKey, entries]) => {
      const text = await originals.read(objectKey);
      const held = new Map(
        text === null ? [] : heldRecords(objectKey, text).records.map((record) => [identityOf(record), record]),
      );
      for (const [position, row] of entries) records[position] = held.get(identityOf(row)) ?? null;
    },
    { concurrency },
  );
  return records;
}

/** An object's text and the records that it holds: one in a dead letter, many in a batch that a mapping gave up. */
export interface HeldRecords {
  readonly text: string;
  readonly records: readonly SourceRecord[];
}

export function heldRecords(objectKey: string, text: string): HeldRecords {
  try {
    if (!objectKey.startsWith(deadLetterPrefix)) return { text, records: readGivenUpBatch(text).records };
    const { source, key, value, headers } = envelopeSchema.parse(JSON.parse(text));
    const record = {
      ...source,
      key: key === null ? null : Buffer.from(key, 'base64'),
      value: value === null ? null : Buffer.from(value, 'base64'),
      headers: headers.map((header) => ({ name: header.name, value: Buffer.from(header.value, 'base64') })),
    };
    return { text, records: [record] };
  } catch {
    return { text, records: [] };
  }
}

type Coordinates = Pick<SourceRecord, 'cluster' | 'topic' | 'partition' | 'offset' | 'timestamp'>;

/** Coordinates as one text. */
export function identityOf({ cluster, topic, partition, offset, timestamp }: Coordinates): string {
  return JSON.stringify([cluster, topic, partition, offset, timestamp]);
}

/** Originals in a bucket of S3. */
export function s3Originals(client: S3Client, bucket: string): Originals {
  return {
    async read(objectKey) {
      try {
        const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey }));
        return (await object.Body?.transformToString()) ?? null;
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return null;
        throw classifiedFault(error, 'read');
      }
    },
    async *list(prefix) {
      try {
        for await (const { Contents: objects = [] } of paginateListObjectsV2(
          { client },
          { Bucket: bucket, Prefix: prefix },
        )) {
          yield objects.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
        }
      } catch (error) {
        throw classifiedFault(error, 'read');
      }
    },
  };
}
