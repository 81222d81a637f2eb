/** A place where a role's policy holds a `*`, with the reason that it cannot be narrower. */
export interface ReasonedWildcard {
  /** Whole actions; none of them may hold a `*`. */
  readonly actions: readonly string[];
  /** How the resource ends. */
  readonly resourceEnd: string;
  readonly reason: string;
}

/**
 * Network interfaces of a function in a VPC, and what a poller looks at to join the cluster's network.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 */
export const networkInterfaceActions = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:UnassignPrivateIpAddresses',
] as const;

/** Every wildcard of our own roles; the template test finds no other. */
export const reasonedWildcards: readonly ReasonedWildcard[] = [
  {
    actions: networkInterfaceActions,
    resourceEnd: '*',
    reason: 'Lambda checks at creation that the role may do this on any resource; Describe actions know no resources',
  },
  {
    actions: ['s3:PutObject'],
    resourceEnd: '/dead-letters/*',
    reason: 'the object keys of dead letters are functions of topic, partition and offset',
  },
  {
    actions: ['s3:PutObject'],
    resourceEnd: '/aws/lambda/*',
    reason: 'Lambda chooses the object keys of batches that a mapping gave up on',
  },
  {
    actions: ['s3:GetObject'],
    resourceEnd: '/dead-letters/*',
    reason: 'an operator may replay any dead letter',
  },
  {
    actions: ['s3:GetObject'],
    resourceEnd: '/aws/lambda/*',
    reason: 'records that a mapping gave up are read from the batches that Lambda wrote',
  },
  {
    actions: ['s3:DeleteObjectVersion'],
    resourceEnd: '/dead-letters/*',
    reason: 'an erasure deletes every version of whatever dead letter names the person',
  },
  {
    actions: ['s3:DeleteObjectVersion'],
    resourceEnd: '/aws/lambda/*',
    reason: 'an erasure writes batches anew without the person, and deletes their older versions',
  },
  {
    actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject'],
    resourceEnd: '/exports/*',
    reason: 'export files are named by job and attempt, and jobs are made at run time',
  },
  {
    actions: ['s3:GetObject'],
    resourceEnd: '/exports/*',
    reason: 'a signed link to an export file has the rights of the function that signs it',
  },
  {
    actions: ['es:ESHttpDelete', 'es:ESHttpGet', 'es:ESHttpPut'],
    resourceEnd: '/_index_template/*',
    reason: 'templates are named by index generation, and generations are made at run time',
  },
  ...['/_cat/*', '/_cluster/*', '/_nodes/*', '/xapi-statements-*/_settings/*'].map((resourceEnd) => ({
    actions: ['es:ESHttpGet'],
    resourceEnd,
    reason: 'an operator looks at any part of the state of the domain, and at none of its documents',
  })),
  {
    actions: ['es:ESHttpDelete', 'es:ESHttpGet', 'es:ESHttpPost', 'es:ESHttpPut'],
    resourceEnd: '/xapi-statements-*',
    reason: 'indexes are named by generation and month',
  },
];
