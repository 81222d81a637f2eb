import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { exportPrefix, keptDays } from '../../functions/exports/job.ts';
import { asBucket } from './cdk-interfaces.ts';
import { privateBucket } from './private-bucket.ts';

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
      ...privateBucket(protect),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'exports/',
      lifecycleRules: [
        {
          prefix: exportPrefix,
          expiration: Duration.days(keptDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    this.bucket = asBucket(bucket);
  }
}
