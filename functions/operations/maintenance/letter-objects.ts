import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { classifiedFault } from '../../core/dead-letter/s3-dead-letters.ts';
import type { SourceRecord } from '../../core/kafka/record.ts';
import { givenUpBatchWith } from '../dead-letters/batch-object.ts';
import { type HeldRecords, heldRecords, identityOf, s3Originals } from '../dead-letters/originals.ts';

/** The bucket of dead letters, as far as an erasure needs it. Every call throws TransientError | ConfigurationError. */
export interface LetterObjects {
  list(prefix: string): AsyncIterable<readonly string[]>;
  /** The records that an object holds; none if it is gone or holds something else. */
  read(objectKey: string): Promise<HeldRecords>;
  /** Deletes an object with all its versions. */
  removeVersions(objectKey: string): Promise<void>;
  /** Writes a batch anew with some of its records, then deletes the versions before. */
  rewrite(objectKey: string, held: HeldRecords, kept: readonly SourceRecord[]): Promise<void>;
}

export function s3LetterObjects(client: S3Client, bucket: string): LetterObjects {
  const originals = s3Originals(client, bucket);
  const removeVersions = async (objectKey: string, except?: string): Promise<void> => {
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | null = {};
    while (next !== null) {
      const page: ListObjectVersionsCommandOutput = await client.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: objectKey, ...next }),
      );
      const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].filter(
        ({ Key, VersionId }) => Key === objectKey && VersionId !== except,
      );
      if (versions.length > 0) {
        const objects = versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
        await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }));
      }
      const { IsTruncated, NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      next = IsTruncated === true ? { KeyMarker, VersionIdMarker } : null;
    }
  };
  return {
    list: (prefix) => originals.list(prefix),
    async read(objectKey) {
      const text = await originals.read(objectKey);
      return text === null ? { text: '', records: [] } : heldRecords(objectKey, text);
    },
    removeVersions: (objectKey) => removeVersions(objectKey).catch(rethrown),
    async rewrite(objectKey, held, kept) {
      const places = new Set(kept.map(identityOf));
      try {
        const { VersionId } = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: objectKey,
            Body: givenUpBatchWith(held.text, (record) => places.has(identityOf(record))),
            ContentType: 'application/json',
          }),
        );
        await removeVersions(objectKey, VersionId);
      } catch (error) {
        rethrown(error);
      }
    },
  };
}

function rethrown(error: unknown): never {
  throw classifiedFault(error, 'changed');
}
