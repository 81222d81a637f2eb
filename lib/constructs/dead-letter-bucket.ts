import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { asBucket } from './cdk-interfaces.ts';
import { privateBucket } from './private-bucket.ts';

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
      ...privateBucket(protect),
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'dead-letters/',
      // An erased person's object versions are deleted by the erasure itself, so that it can say that they are gone.
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    // By property: CDK's own way makes a function that may change the notifications of every bucket.
    const { defaultChild } = bucket.node;
    if (!(defaultChild instanceof s3.CfnBucket)) throw new Error(`${bucket.node.path} has no bucket of CloudFormation`);
    defaultChild.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    this.bucket = asBucket(bucket);
  }
}
