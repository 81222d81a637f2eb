import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { asBucket } from './cdk-interfaces.ts';
import { privateBucket } from './private-bucket.ts';

export interface AccessLogsProps {
  readonly protect: boolean;
  /** Days after which they go. */
  readonly days: number;
}

/** Who read and wrote the dead letters, and what went over the network: kept as long as the functions' logs. */
export class AccessLogs extends Construct {
  readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, { protect, days }: AccessLogsProps) {
    super(scope, id);
    const bucket = new s3.Bucket(this, 'Bucket', {
      ...privateBucket(protect),
      lifecycleRules: [{ expiration: Duration.days(days), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    this.bucket = asBucket(bucket);
  }
}
