import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { asBucket } from './cdk-interfaces.ts';

export interface DeadLetterBucketProps {
  readonly protect: boolean;
  /** Where it is written who read and wrote. */
  readonly accessLogs: s3.IBucket;
}

/** Holds the bytes of dead letters, and the batches that a mapping gave up on. Nothing expires here by itself. */
export class DeadLetterBucket extends Construct {
  readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, { protect, accessLogs }: DeadLetterBucketProps) {
    super(scope, id);
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      versioned: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'dead-letters/',
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      // An erased person's object versions are deleted by the erasure itself, so that it can say that they are gone.
      removalPolicy: protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // By property: CDK's own way makes a function that may change the notifications of every bucket.
    const { defaultChild } = bucket.node;
    if (!(defaultChild instanceof s3.CfnBucket)) throw new Error(`${bucket.node.path} has no bucket of CloudFormation`);
    defaultChild.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    this.bucket = asBucket(bucket);
  }
}
