import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { exportPrefix, keptDays } from '../../functions/exports/job.ts';
import { asBucket } from './cdk-interfaces.ts';

export interface ExportBucketProps {
  readonly protect: boolean;
  /** Where it is written who read and wrote. */
  readonly accessLogs: s3.IBucket;
}

/** Holds export files for a few days. Unversioned, so that what an erasure deletes is gone. */
export class ExportBucket extends Construct {
  readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, { protect, accessLogs }: ExportBucketProps) {
    super(scope, id);
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'exports/',
      lifecycleRules: [
        {
          prefix: exportPrefix,
          expiration: Duration.days(keptDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.bucket = asBucket(bucket);
  }
}
