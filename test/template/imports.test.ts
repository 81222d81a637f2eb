import { describe, expect, it } from 'vitest';
import { roleOf } from './support/statements.ts';
import { changed, imported, synthesize, type Templates } from './support/synthesize.ts';

const created = {
  network: 'AWS::EC2::VPC',
  cluster: 'AWS::MSK::Cluster',
  database: 'AWS::RDS::DBInstance',
  domain: 'AWS::OpenSearchService::Domain',
} as const;
const stores = ['cluster', 'database', 'domain'] as const;

describe.each(stores)('an imported %s', (store) => {
  const { stateful } = synthesize(changed('dev', { [store]: imported[store] }));

  it('is not created, and the others are', () => {
    for (const [other, type] of Object.entries(created)) stateful.resourceCountIs(type, other === store ? 0 : 1);
  });
});

describe('a stage of imported stores only', () => {
  const templates: Templates = synthesize(changed('dev', imported));

  it('creates the buckets, the pepper and the way of operators alone, and says the names of the stores', () => {
    const types = Object.values(templates.stateful.toJSON().Resources).map((resource) => String(Object(resource).Type));
    expect(types.sort()).toEqual([
      'AWS::EC2::SecurityGroup',
      'AWS::EC2::SecurityGroupIngress',
      'AWS::EC2::SecurityGroupIngress',
      'AWS::IAM::Role',
      'AWS::S3::Bucket',
      'AWS::S3::Bucket',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::S3::BucketPolicy',
      'AWS::S3::BucketPolicy',
      ...['cluster', 'proxy', 'domain'].map(() => 'AWS::SSM::Parameter'),
      'AWS::SecretsManager::Secret',
    ]);
  });

  it('gives the functions the imported addresses', () => {
    templates.pipeline.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'nlj-events-dev-provision',
      Environment: {
        Variables: {
          DATABASE_HOST: imported.database.proxyEndpoint,
          DATABASE_USER: imported.database.masterUsername,
          DATABASE_SECRET_ARN: imported.database.masterSecretArn,
          APPLICATION_SECRET_ARN: imported.database.applicationSecretArn,
          OPENSEARCH_ENDPOINT: imported.domain.endpoint,
          KAFKA_BOOTSTRAP_SERVERS: imported.cluster.bootstrapServers,
        },
      },
      VpcConfig: { SubnetIds: imported.network.subnetIds },
    });
  });

  it('grants on the imported resources', () => {
    const lines = roleOf(templates.pipeline, 'nlj-events-dev-survey').permissions.map(
      ({ action, resource }) => `${action} ${resource}`,
    );
    const topic = imported.cluster.clusterArn.replace(':cluster/', ':topic/');
    expect(lines).toContain(`kafka-cluster:ReadData ${topic}/nlj.survey.responses`);
    expect(lines).toContain(`es:ESHttpPost ${imported.domain.domainArn}/_bulk`);
    expect(lines.some((line) => /^rds-db:connect .*:dbuser:prx-0123456789abcdef0\/nlj_app$/.test(line))).toBe(true);
  });

  it('opens the imported security groups to the functions', () => {
    const groups = Object.values(templates.pipeline.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => Properties.GroupId,
    );
    expect([...new Set(groups)].sort()).toEqual(stores.map((store) => imported[store].securityGroupId).sort());
  });
});

it('an imported network must name one zone for each subnet', () => {
  const network = { ...imported.network, availabilityZones: ['a', 'b'] };
  expect(() => changed('dev', { network })).toThrow('network.availabilityZones: must name one zone');
});
