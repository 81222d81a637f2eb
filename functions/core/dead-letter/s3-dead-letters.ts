import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { ConfigurationError, TransientError } from '../errors.ts';
import type { DeadLetterStore } from './dead-letter.ts';

/** Faults that no repetition mends: permissions, a bucket that is not there. */
const configurationFaults: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'InvalidAccessKeyId',
  'NoSuchBucket',
  'PermanentRedirect',
  'SignatureDoesNotMatch',
]);

/** Dead letters in a bucket of S3. */
export function s3DeadLetters(client: S3Client, bucket: string): DeadLetterStore {
  return {
    bucket,
    async put(objectKey, envelope) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: objectKey,
            Body: JSON.stringify(envelope),
            ContentType: 'application/json',
          }),
        );
      } catch (error) {
        throw classifiedFault(error, 'written');
      }
    },
  };
}

/** An error of S3 by what can be done; the message has its name only. */
export function classifiedFault(error: unknown, what: 'written' | 'read' | 'changed'): Error {
  const name = error instanceof S3ServiceException ? error.name : 'no answer';
  return configurationFaults.has(name)
    ? new ConfigurationError(`The dead letter bucket answered ${name}`)
    : new TransientError(`The dead letter bucket could not be ${what} (${name})`);
}
