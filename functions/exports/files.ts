import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ExportFormat } from './contract.ts';
import { exportPrefix, linkSeconds } from './job.ts';

/** The bucket of export files. */
export interface ExportFiles {
  /** Writes an object as it comes, in parts. Nothing is there if it fails. */
  write(objectKey: string, content: Readable, format: ExportFormat): Promise<void>;
  /** A signed link for `linkSeconds`, which saves the object under a name. */
  link(objectKey: string, name: string): Promise<string>;
  remove(objectKey: string): Promise<void>;
  /** Deletes every file but those whose keys `kept` has by the time they are listed. */
  removeAllBut(kept: () => Promise<ReadonlySet<string>>): Promise<void>;
}

/** Parts of this size are in memory, two at a time. S3 takes 10,000 of them: 78 GiB. */
const partBytes = 8 * 1024 * 1024;

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json',
};

export function s3ExportFiles(client: S3Client, bucket: string): ExportFiles {
  return {
    async write(objectKey, content, format) {
      const upload = new Upload({
        client,
        params: { Bucket: bucket, Key: objectKey, Body: content, ContentType: contentTypes[format] },
        partSize: partBytes,
        queueSize: 2,
      });
      await upload.done();
    },
    link: (objectKey, name) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket: bucket,
          Key: objectKey,
          ResponseContentDisposition: `attachment; filename="${name}"`,
          ResponseCacheControl: 'no-store',
        }),
        { expiresIn: linkSeconds },
      ),
    async remove(objectKey) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: objectKey }));
    },
    async removeAllBut(kept) {
      let next: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: exportPrefix,
            ...(next === undefined ? {} : { ContinuationToken: next }),
          }),
        );
        const keep = await kept();
        const objects = (page.Contents ?? []).filter(({ Key = '' }) => !keep.has(Key)).map(({ Key }) => ({ Key }));
        if (objects.length > 0) {
          const { Errors: errors = [] } = await client.send(
            new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
          );
          if (errors.length > 0) throw new Error(`${errors.length} export files were not deleted (${errors[0]?.Code})`);
        }
        next = page.NextContinuationToken;
      } while (next !== undefined);
    },
  };
}
