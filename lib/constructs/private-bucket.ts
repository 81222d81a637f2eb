import * as s3 from 'aws-cdk-lib/aws-s3';
import { removalPolicy } from './removal.ts';

/** What is the same of every bucket here: encrypted, closed to the public, reached over TLS only, kept where the stage is protected. */
export function privateBucket(protect: boolean) {
  return {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: removalPolicy(protect),
  } as const satisfies s3.BucketProps;
}
