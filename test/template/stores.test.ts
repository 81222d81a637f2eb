import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { changed, stage, stageNames, synthesize, templatesOf } from './support/synthesize.ts';

describe.each(stageNames)('stores of %s', (name) => {
  const { stateful } = templatesOf(name);

  it('speak TLS and nothing else', () => {
    stateful.hasResourceProperties('AWS::MSK::Cluster', {
      EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } },
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
    });
    stateful.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
    stateful.hasResourceProperties('AWS::RDS::DBProxy', {
      RequireTLS: true,
      Auth: [
        { AuthScheme: 'SECRETS', IAMAuth: 'REQUIRED', SecretArn: Match.anyValue() },
        { AuthScheme: 'SECRETS', IAMAuth: 'REQUIRED', SecretArn: Match.anyValue() },
      ].map((auth) => Match.objectLike(auth)),
    });
    stateful.hasResourceProperties('AWS::OpenSearchService::Domain', {
      DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
      NodeToNodeEncryptionOptions: { Enabled: true },
    });
    stateful.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('are encrypted at rest', () => {
    stateful.hasResourceProperties('AWS::RDS::DBInstance', {
      StorageEncrypted: true,
      EnableIAMDatabaseAuthentication: true,
      PubliclyAccessible: false,
    });
    stateful.hasResourceProperties('AWS::OpenSearchService::Domain', { EncryptionAtRestOptions: { Enabled: true } });
    stateful.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it('lie in subnets without a way to the internet', () => {
    stateful.resourceCountIs('AWS::EC2::InternetGateway', 0);
    stateful.resourceCountIs('AWS::EC2::NatGateway', 0);
    for (const service of ['lambda', 'sts', 'secretsmanager']) {
      stateful.hasResourceProperties('AWS::EC2::VPCEndpoint', {
        VpcEndpointType: 'Interface',
        PrivateDnsEnabled: true,
        ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, `.${service}`]] },
      });
    }
    stateful.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    stateful.hasResourceProperties('AWS::OpenSearchService::Domain', { VPCOptions: Match.anyValue() });
  });

  it('open no port to addresses outside the network', () => {
    for (const { Properties } of Object.values(stateful.findResources('AWS::EC2::SecurityGroup'))) {
      expect(JSON.stringify(Properties.SecurityGroupIngress ?? [])).not.toMatch(/0\.0\.0\.0\/0|::\/0/);
    }
  });

  it('have no topic that nobody declared', () => {
    const [configuration] = Object.values(stateful.findResources('AWS::MSK::Configuration'));
    const { replicationFactor } = stage(name);
    expect(configuration?.Properties.ServerProperties.split('\n')).toEqual([
      'auto.create.topics.enable=false',
      `default.replication.factor=${replicationFactor}`,
      `min.insync.replicas=${name === 'local' ? 1 : 2}`,
      'unclean.leader.election.enable=false',
      '',
    ]);
  });

  it('have generated secrets, of the members that their readers expect', () => {
    for (const [key, template] of [
      ['password', '{"username":"nlj_owner"}'],
      ['password', '{"username":"nlj_app"}'],
      ['pepper', '{"version":1}'],
    ]) {
      stateful.hasResourceProperties('AWS::SecretsManager::Secret', {
        GenerateSecretString: { GenerateStringKey: key, SecretStringTemplate: template },
      });
    }
  });
});

const dataTypes = [
  'AWS::MSK::Cluster',
  'AWS::RDS::DBInstance',
  'AWS::OpenSearchService::Domain',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

describe.each([
  ['prod', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }, true],
  ['staging', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }, true],
  ['dev', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }, false],
] as const)('protection on %s', (name, policies, protection) => {
  const { stateful } = templatesOf(name);

  it.each(dataTypes)(`of %s is ${policies.DeletionPolicy}`, (type) => {
    const resources = Object.values(stateful.findResources(type));
    expect(resources.length).toBeGreaterThan(0);
    for (const { DeletionPolicy, UpdateReplacePolicy } of resources) {
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual(policies);
    }
  });

  it('extends to the database itself', () => {
    stateful.hasResourceProperties('AWS::RDS::DBInstance', { DeletionProtection: protection });
  });
});

it('the keys of the volumes are ours where the stage says so', () => {
  templatesOf('prod').stateful.hasResourceProperties('AWS::MSK::Cluster', {
    EncryptionInfo: { EncryptionAtRest: { DataVolumeKMSKeyId: Match.anyValue() } },
  });
  templatesOf('prod').stateful.hasResource('AWS::KMS::Key', {
    Properties: { EnableKeyRotation: true },
    DeletionPolicy: 'RetainExceptOnCreate',
  });
  templatesOf('dev').stateful.resourceCountIs('AWS::KMS::Key', 0);
});

it('a stage may have NAT gateways instead of endpoints', () => {
  const network = { mode: 'create', cidr: '10.0.0.0/20', zones: 3, egress: 'nat' } as const;
  const { stateful } = synthesize(changed('dev', { network }));
  stateful.resourceCountIs('AWS::EC2::NatGateway', 3);
  stateful.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
});

it.each(stageNames)('the passwords of the database change by schedule on %s, and nothing else does', (name) => {
  const { pipeline, stateful } = templatesOf(name);
  const schedules = Object.values(pipeline.findResources('AWS::SecretsManager::RotationSchedule'));
  const secrets = schedules.map(({ Properties }) => JSON.stringify(Properties.SecretId));
  expect(secrets).toHaveLength(2);
  expect(secrets.some((id) => id.includes('DatabaseOwnerSecret'))).toBe(true);
  expect(secrets.some((id) => id.includes('DatabaseApplicationSecret'))).toBe(true);
  for (const { Properties } of schedules) {
    expect(Properties).toMatchObject({
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      RotateImmediatelyOnUpdate: false,
    });
  }
  stateful.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
});

it.each(stageNames)('the domain of %s takes signed requests of its account only, and has a master user', (name) => {
  templatesOf(name).stateful.hasResourceProperties('AWS::OpenSearchService::Domain', {
    AdvancedSecurityOptions: {
      Enabled: true,
      InternalUserDatabaseEnabled: false,
      MasterUserOptions: { MasterUserARN: Match.anyValue() },
    },
    AccessPolicies: {
      Statement: [
        Match.objectLike({
          Effect: 'Allow',
          Action: 'es:ESHttp*',
          Principal: { AWS: { 'Fn::Join': ['', Match.arrayWith([':root'])] } },
        }),
      ],
    },
  });
});
