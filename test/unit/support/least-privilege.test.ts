import { describe, expect, it } from 'vitest';
import { allows, compare, grantsOf, neededBy } from '../../support/least-privilege.ts';

const used = (action: string, parameters: Record<string, string> = {}) => ({ role: 'r', action, parameters });
const letters = 'arn:aws:s3:::b/dead-letters/*';

describe('least privilege', () => {
  it('names the permission that a request needs', () => {
    expect(neededBy(used('s3:PutObject', { Bucket: 'b', Key: 'dead-letters/t' }))).toEqual({
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::b/dead-letters/t/',
    });
    expect(neededBy(used('s3:ListObjectsV2', { Bucket: 'b' })).action).toBe('s3:ListBucket');
    expect(neededBy(used('s3:GetObject', { Bucket: 'b', Key: 'k', VersionId: 'some' })).action).toBe(
      's3:GetObjectVersion',
    );
    expect(neededBy(used('lambda:Invoke', { FunctionName: 'f' }))).toEqual({
      action: 'lambda:InvokeFunction',
      resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    });
    expect(neededBy(used('secretsmanager:GetSecretValue', { SecretId: 'arn:s' })).resource).toBe('arn:s');
  });

  it('finds what is granted and not used, and what is used and not granted', () => {
    const grants = grantsOf({
      Statement: [
        { Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject'], Resource: letters },
        { Effect: 'Allow', Action: 'kafka-cluster:Connect', Resource: 'arn:c' },
      ],
    });
    const uses = [
      used('s3:PutObject', { Bucket: 'b', Key: 'dead-letters/t' }),
      used('s3:PutObject', { Bucket: 'b', Key: 'other/t' }),
    ];
    const unseen = [{ action: 'kafka-cluster:', reason: 'the broker keeps no log of it' }];
    expect(compare('f', grants, uses, unseen)).toEqual({
      unused: [`s3:GetObject ${letters}`],
      refused: ['s3:PutObject arn:aws:s3:::b/other/t/'],
    });
    expect(compare('f', grants, uses, []).unused).toContain('kafka-cluster:Connect arn:c');
    expect(
      compare('f', grants, uses, [{ ...unseen[0], action: 'kafka-cluster:', reason: '', functions: ['g'] }]).unused,
    ).toHaveLength(2);
  });

  it('takes dots in a grant for dots', () => {
    expect(allows({ action: 'a:B', resource: 'arn:x.y' }, { action: 'a:B', resource: 'arn:xzy' })).toBe(false);
  });
});
