import { describe, expect, it } from 'vitest';
import { allTopics, announcingGroups, publishedTopics, topicGroups } from '../../lib/catalogue.ts';
import { reasonedWildcards } from '../../lib/constructs/wildcards.ts';
import { functionNames } from './support/functions.ts';
import { type Permission, roleOf, rolesOf } from './support/statements.ts';
import { stageNames, templatesOf } from './support/synthesize.ts';

const everyFunction = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** What a role may do besides logging and network interfaces, as `action resource` lines. */
function work(functionName: string, stage: string): string[] {
  const { api, pipeline } = templatesOf(stage);
  return roleOf(functionName.endsWith('-api') ? api : pipeline, functionName)
    .permissions.filter(({ action }) => !everyFunction.includes(action) && !action.startsWith('ec2:'))
    .map(({ action, resource }) => `${action} ${resource}`)
    .sort();
}

const topicArn = (topic: string) => `<KafkaClusterArn>[0]:topic/<KafkaClusterArn>[1]/${topic}`;
const groupArn = (group: string) => `<KafkaClusterArn>[0]:group/<KafkaClusterArn>[1]/${group}`;
const userArn = (user: string) =>
  `arn:<AWS::Partition>:rds-db:<AWS::Region>:<AWS::AccountId>:dbuser:<DatabaseProxyDBProxyArn>[6]/${user}`;

describe('permissions of a topic group', () => {
  it('are what its mappings and its stores need, and no more', () => {
    expect(work('nlj-events-dev-survey', 'dev')).toEqual(
      [
        'kafka:DescribeCluster <KafkaClusterArn>',
        'kafka:DescribeClusterV2 <KafkaClusterArn>',
        'kafka:GetBootstrapBrokers <KafkaClusterArn>',
        'kafka-cluster:Connect <KafkaClusterArn>',
        'kafka-cluster:DescribeClusterDynamicConfiguration <KafkaClusterArn>',
        `kafka-cluster:DescribeTopic ${topicArn('nlj.survey.responses')}`,
        `kafka-cluster:DescribeTopicDynamicConfiguration ${topicArn('nlj.survey.responses')}`,
        `kafka-cluster:ReadData ${topicArn('nlj.survey.responses')}`,
        `kafka-cluster:AlterGroup ${groupArn('nlj-dev-survey-nlj.survey.responses')}`,
        `kafka-cluster:DescribeGroup ${groupArn('nlj-dev-survey-nlj.survey.responses')}`,
        's3:PutObject <DeadLettersBucketArn>/dead-letters/*',
        's3:PutObject <DeadLettersBucketArn>/aws/lambda/*',
        's3:ListBucket <DeadLettersBucketArn>',
        'secretsmanager:GetSecretValue <AgentKeySecret>',
        `rds-db:connect ${userArn('nlj_app')}`,
        'es:ESHttpPost <SearchDomainArn>/_bulk',
      ].sort(),
    );
  });

  it('include the password of the application only where it is used', () => {
    const added = work('nlj-events-local-survey', 'local').filter((line) => line.startsWith('secretsmanager:'));
    expect(added).toEqual([
      'secretsmanager:GetSecretValue <AgentKeySecret>',
      'secretsmanager:GetSecretValue <DatabaseApplicationSecret>',
    ]);
  });
});

describe('permissions of provisioning', () => {
  const topics = allTopics.map(({ name }) => name);
  const onTopics = [
    'AlterTopic',
    'AlterTopicDynamicConfiguration',
    'CreateTopic',
    'DescribeTopic',
    'DescribeTopicDynamicConfiguration',
  ];

  it('are on the topics, templates and roles of the catalogue', () => {
    expect(work('nlj-events-prod-provision', 'prod')).toEqual(
      [
        'kafka-cluster:Connect <KafkaClusterArn>',
        'kafka-cluster:DescribeCluster <KafkaClusterArn>',
        ...onTopics.flatMap((action) => topics.map((topic) => `kafka-cluster:${action} ${topicArn(topic)}`)),
        'secretsmanager:GetSecretValue <DatabaseApplicationSecret>',
        `rds-db:connect ${userArn('nlj_owner')}`,
        'sts:AssumeRole <SearchAdministratorArn>',
        'es:ESHttpPut <SearchDomainArn>/_index_template/*',
        'es:ESHttpPut <SearchDomainArn>/xapi-statements-*',
      ].sort(),
    );
  });
});

describe("permissions of the dead letters' function", () => {
  it('are to read dead letters, to invoke the groups and to change rows', () => {
    expect(work('nlj-events-prod-dead-letters', 'prod')).toEqual(
      [
        ...topicGroups.map((group) => `lambda:InvokeFunction <${group.name}Function.Arn>`),
        's3:GetObject <DeadLettersBucketArn>/dead-letters/*',
        's3:GetObject <DeadLettersBucketArn>/aws/lambda/*',
        's3:ListBucket <DeadLettersBucketArn>',
        `rds-db:connect ${userArn('nlj_app')}`,
        'es:ESHttpGet <SearchDomainArn>/_cluster/health',
      ].sort(),
    );
  });
});

describe('permissions of the relay', () => {
  it('are to read the outbox and to write to the published topics, and nothing else', () => {
    const topics = publishedTopics.map(({ name }) => name);
    expect(work('nlj-events-prod-relay', 'prod')).toEqual(
      [
        'kafka-cluster:Connect <KafkaClusterArn>',
        'kafka-cluster:WriteDataIdempotently <KafkaClusterArn>',
        ...topics.map((topic) => `kafka-cluster:DescribeTopic ${topicArn(topic)}`),
        ...topics.map((topic) => `kafka-cluster:WriteData ${topicArn(topic)}`),
        `rds-db:connect ${userArn('nlj_app')}`,
      ].sort(),
    );
  });

  it.each(topicGroups.map(({ name }) => name))('%s may tell it only if the group announces', (group) => {
    const mayTell = work(`nlj-events-prod-${group}`, 'prod').filter((line) => line.startsWith('lambda:'));
    expect(mayTell).toEqual(
      announcingGroups.includes(group) ? ['lambda:InvokeFunction <OutboxRelayFunction.Arn>'] : [],
    );
  });
});

it('who rotates secrets changes those of the database, and no other', () => {
  const actions = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];
  expect(work('nlj-events-prod-rotate-secret', 'prod')).toEqual(
    actions
      .flatMap((action) => [
        `secretsmanager:${action} <DatabaseApplicationSecret>`,
        `secretsmanager:${action} <DatabaseOwnerSecretAttachment>`,
      ])
      .sort(),
  );
});

it('the API reads: statements by search, rows, and the pepper of agent keys', () => {
  expect(work('nlj-events-prod-api', 'prod')).toEqual(
    [
      'secretsmanager:GetSecretValue <AgentKeySecret>',
      'lambda:InvokeFunction arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:nlj-events-prod-export',
      's3:GetObject <ExportsBucketArn>/exports/*',
      `rds-db:connect ${userArn('nlj_app')}`,
      'es:ESHttpPost <SearchDomainArn>/xapi-statements/_search',
      'es:ESHttpPost <SearchDomainArn>/xapi-statements/_msearch',
    ].sort(),
  );
});

it('who makes export files reads the stores, and writes and deletes export files alone', () => {
  expect(work('nlj-events-prod-export', 'prod')).toEqual(
    [
      's3:PutObject <ExportsBucketArn>/exports/*',
      's3:AbortMultipartUpload <ExportsBucketArn>/exports/*',
      's3:DeleteObject <ExportsBucketArn>/exports/*',
      `rds-db:connect ${userArn('nlj_app')}`,
      'es:ESHttpPost <SearchDomainArn>/xapi-statements/_search',
      'es:ESHttpPost <SearchDomainArn>/xapi-statements/_search/point_in_time',
      'es:ESHttpPost <SearchDomainArn>/_search',
      'es:ESHttpDelete <SearchDomainArn>/_search/point_in_time',
    ].sort(),
  );
});

it('who shows entities reads the database alone', () => {
  expect(work('nlj-events-prod-show', 'prod')).toEqual([`rds-db:connect ${userArn('nlj_app')}`]);
});

describe('permissions of the maintenance function', () => {
  const consumed = topicGroups.flatMap((group) =>
    group.topics.map(({ name }) => ({ name, groupId: `nlj-prod-${group.name}-${name}` })),
  );

  it('are on the stores, the groups that it may set back, and the indexes of all generations', () => {
    expect(work('nlj-events-prod-maintenance', 'prod')).toEqual(
      [
        'kafka-cluster:Connect <KafkaClusterArn>',
        ...consumed.flatMap(({ name, groupId }) => [
          `kafka-cluster:DescribeTopic ${topicArn(name)}`,
          `kafka-cluster:AlterGroup ${groupArn(groupId)}`,
          `kafka-cluster:DescribeGroup ${groupArn(groupId)}`,
        ]),
        ...['dead-letters', 'aws/lambda'].flatMap((prefix) => [
          `s3:GetObject <DeadLettersBucketArn>/${prefix}/*`,
          `s3:DeleteObjectVersion <DeadLettersBucketArn>/${prefix}/*`,
        ]),
        's3:PutObject <DeadLettersBucketArn>/aws/lambda/*',
        's3:ListBucket <DeadLettersBucketArn>',
        's3:ListBucketVersions <DeadLettersBucketArn>',
        's3:DeleteObject <ExportsBucketArn>/exports/*',
        's3:ListBucket <ExportsBucketArn>',
        'secretsmanager:GetSecretValue <AgentKeySecret>',
        `rds-db:connect ${userArn('nlj_app')}`,
        'es:ESHttpPost <SearchDomainArn>/_bulk',
        'es:ESHttpPost <SearchDomainArn>/_aliases',
        'es:ESHttpGet <SearchDomainArn>/_alias/xapi-statements',
        'es:ESHttpDelete <SearchDomainArn>/_index_template/*',
        'es:ESHttpGet <SearchDomainArn>/_index_template/*',
        'es:ESHttpPut <SearchDomainArn>/_index_template/*',
        ...['Delete', 'Get', 'Post', 'Put'].map((method) => `es:ESHttp${method} <SearchDomainArn>/xapi-statements-*`),
      ].sort(),
    );
  });
});

describe.each(stageNames)('wildcards of %s', (name) => {
  const ours = [templatesOf(name).stateful, templatesOf(name).pipeline, templatesOf(name).api]
    .flatMap(rolesOf)
    .filter(({ description }) => /^(Execution role of|Taken by who is on call)/.test(description));

  it('has a role of its own for every function, and one for who is on call', () => {
    expect(ours.map(({ description }) => description)).toHaveLength(functionNames.length + 1);
  });

  it('are those with a reason', () => {
    const wild = ours.flatMap(({ permissions }) => permissions).filter(hasWildcard);
    expect(wild.filter((permission) => !hasReason(permission))).toEqual([]);
  });

  it('come with no managed policy', () => {
    expect(ours.filter(({ managedPolicies }) => managedPolicies > 0)).toEqual([]);
  });
});

it('no reasoned wildcard is unused, and none is for an action with a wildcard', () => {
  const all = [templatesOf('dev').stateful, templatesOf('dev').pipeline, templatesOf('dev').api]
    .flatMap(rolesOf)
    .flatMap(({ permissions }) => permissions);
  for (const { actions, resourceEnd } of reasonedWildcards) {
    for (const action of actions) {
      expect(action).not.toContain('*');
      expect(all.some((permission) => permission.action === action && permission.resource.endsWith(resourceEnd))).toBe(
        true,
      );
    }
  }
});

it('who is on call connects to PostgreSQL as its owner, and reads the state of the domain and no document', () => {
  const role = rolesOf(templatesOf('prod').stateful).find(({ description }) => description.startsWith('Taken by'));
  expect(role?.permissions.map(({ action, resource }) => `${action} ${resource.replace(/^[^/]*/, '')}`).sort()).toEqual(
    [
      'es:ESHttpGet /_cat/*',
      'es:ESHttpGet /_cluster/*',
      'es:ESHttpGet /_nodes/*',
      'es:ESHttpGet /xapi-statements-*/_settings/*',
      expect.stringMatching(/^rds-db:connect .*\/nlj_owner$/),
    ],
  );
});

it('nothing but maintenance deletes objects, and who makes export files what it wrote itself', () => {
  const deleting = stageNames.flatMap((name) =>
    rolesOf(templatesOf(name).pipeline).filter(({ permissions }) =>
      permissions.some(({ action }) => action.startsWith('s3:Delete')),
    ),
  );
  expect(deleting.map(({ description }) => description)).toEqual(
    stageNames.flatMap((name) => [
      `Execution role of nlj-events-${name}-export`,
      `Execution role of nlj-events-${name}-maintenance`,
    ]),
  );
});

function hasWildcard({ action, resource }: Permission): boolean {
  return `${action} ${resource}`.includes('*');
}

function hasReason({ action, resource }: Permission): boolean {
  return reasonedWildcards.some(({ actions, resourceEnd }) =>
    resourceEnd === '*'
      ? resource === '*' && actions.includes(action)
      : resource.endsWith(resourceEnd) &&
        !resource.slice(0, -resourceEnd.length).includes('*') &&
        actions.includes(action),
  );
}
