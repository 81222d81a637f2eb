import { Match } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import { stageNames, templatesOf } from './support/synthesize.ts';

describe.each(stageNames)('exports of %s', (name) => {
  const { stateful, pipeline } = templatesOf(name);

  it('lie in a bucket of their own that is private, encrypted, unversioned, and deletes them after days', () => {
    stateful.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          {
            Prefix: 'exports/',
            ExpirationInDays: 3,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Status: 'Enabled',
          },
        ],
      },
      VersioningConfiguration: Match.absent(),
      BucketEncryption: { ServerSideEncryptionConfiguration: Match.anyValue() },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it('are attempted three times', () => {
    pipeline.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^ExportFunction') },
      MaximumRetryAttempts: 2,
    });
  });
});
