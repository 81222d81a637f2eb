import { topicGroups } from '../../../lib/catalogue.ts';
import type { Unseen } from '../../support/least-privilege.ts';

const groups = topicGroups.map(({ name }): string => name);

/** Grants of functions' roles that LocalStack's request log cannot show, each with its reason. */
export const unseenGrants: readonly Unseen[] = [
  { action: 'logs:', reason: 'Lambda writes the logs, with the role on AWS and by itself here' },
  { action: 'ec2:', reason: 'Lambda makes the network interfaces, with the role on AWS and not at all here' },
  {
    action: 'kafka-cluster:',
    reason: "the broker checks them, and the local one knows no IAM; who calls what is in the functions' code",
  },
  {
    action: 'kafka:',
    reason: 'the pollers of the mappings ask with the role on AWS; the local event source has credentials of its own',
  },
  { action: 'rds-db:connect', reason: 'the proxy checks it; the local engine takes passwords' },
  { action: 'es:ESHttp', reason: 'the domain checks them; requests go to the local engine directly' },
  {
    action: 'sts:AssumeRole',
    functions: ['provision'],
    reason: "the domain's master user: the local engine has no security plugin",
  },
  {
    action: 's3:PutObject',
    functions: groups,
    resource: '/aws/lambda/',
    reason:
      'the pollers write batches that a mapping gave up with the role on AWS; the local event source has credentials of its own',
  },
  {
    action: 's3:ListBucket',
    functions: groups,
    reason: 'the pollers look at the destination with the role on AWS',
  },
  {
    action: 's3:GetObject',
    functions: ['api'],
    reason: 'it signs links; who follows one is in the log without a role',
  },
  {
    action: 's3:AbortMultipartUpload',
    functions: ['export'],
    reason: 'an upload that breaks off, as none does while the bucket is well',
  },
  {
    action: 's3:DeleteObject',
    functions: ['export'],
    reason: 'a file whose job was expired by an erasure while it was written; the store tests do that',
  },
];
