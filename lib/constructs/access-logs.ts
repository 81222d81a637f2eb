import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { asBucket } from './cdk-interfaces.ts';

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
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(days), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      removalPolicy: protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.bucket = asBucket(bucket);
  }
}
