import { z } from 'zod';
import { assumptions } from './assumptions.ts';

/** A resource of a synthesised template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** So much of something with a price, in a month. */
export interface Quantity {
  readonly what: string;
  readonly price: string;
  readonly amount: number;
}

const { hoursPerMonth } = assumptions;

const cluster = z.object({
  NumberOfBrokerNodes: z.number(),
  BrokerNodeGroupInfo: z.object({
    InstanceType: z.string(),
    StorageInfo: z.object({ EBSStorageInfo: z.object({ VolumeSize: z.number() }) }),
  }),
});
const instance = z.object({
  DBInstanceClass: z.string(),
  MultiAZ: z.boolean().default(false),
  AllocatedStorage: z.string(),
});
const domain = z.object({
  ClusterConfig: z.object({
    InstanceType: z.string(),
    InstanceCount: z.number(),
    DedicatedMasterEnabled: z.boolean().default(false),
    DedicatedMasterType: z.string().optional(),
    DedicatedMasterCount: z.number().default(0),
  }),
  EBSOptions: z.object({ VolumeSize: z.number() }),
});
const endpoint = z.object({
  VpcEndpointType: z.string().default('Gateway'),
  SubnetIds: z.array(z.unknown()).default([]),
});
const mapping = z.object({ ProvisionedPollerConfig: z.object({ MinimumPollers: z.number() }) });
const alarm = z.object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() });
const webAcl = z.object({ Rules: z.array(z.unknown()).default([]) });

/** vCPUs of instance sizes: the proxy is paid by them. */
const vcpus: Readonly<Record<string, number>> = { medium: 2, large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16 };

type Rule = (properties: Readonly<Record<string, unknown>>) => readonly Quantity[];

/** What costs by being there. */
const rules: Readonly<Record<string, Rule>> = {
  'AWS::MSK::Cluster': (properties) => {
    const { NumberOfBrokerNodes: brokers, BrokerNodeGroupInfo: group } = cluster.parse(properties);
    return [
      { what: 'Kafka brokers', price: `msk-${group.InstanceType}`, amount: brokers * hoursPerMonth },
      { what: 'Kafka volumes', price: 'msk-storage', amount: brokers * group.StorageInfo.EBSStorageInfo.VolumeSize },
    ];
  },
  'AWS::RDS::DBInstance': (properties) => {
    const { DBInstanceClass: kind, MultiAZ, AllocatedStorage } = instance.parse(properties);
    const copies = MultiAZ ? 2 : 1;
    return [
      { what: 'PostgreSQL', price: `rds-${kind}`, amount: copies * hoursPerMonth },
      { what: 'PostgreSQL storage', price: 'rds-gp3', amount: copies * Number(AllocatedStorage) },
      // Paid by the vCPUs of one instance, and only with an instance; an imported database's proxy is not ours.
      { what: 'RDS Proxy', price: 'rds-proxy', amount: (vcpus[kind.split('.').at(-1) ?? ''] ?? 2) * hoursPerMonth },
    ];
  },
  'AWS::OpenSearchService::Domain': (properties) => {
    const { ClusterConfig: config, EBSOptions } = domain.parse(properties);
    const masters =
      config.DedicatedMasterEnabled && config.DedicatedMasterType !== undefined
        ? [
            {
              what: 'OpenSearch masters',
              price: `opensearch-${config.DedicatedMasterType}`,
              amount: config.DedicatedMasterCount * hoursPerMonth,
            },
          ]
        : [];
    return [
      {
        what: 'OpenSearch nodes',
        price: `opensearch-${config.InstanceType}`,
        amount: config.InstanceCount * hoursPerMonth,
      },
      ...masters,
      { what: 'OpenSearch volumes', price: 'opensearch-gp3', amount: config.InstanceCount * EBSOptions.VolumeSize },
    ];
  },
  'AWS::EC2::VPCEndpoint': (properties) => {
    const { VpcEndpointType: kind, SubnetIds: subnets } = endpoint.parse(properties);
    if (kind !== 'Interface') return [];
    return [{ what: 'VPC endpoints', price: 'vpc-endpoint', amount: subnets.length * hoursPerMonth }];
  },
  'AWS::EC2::NatGateway': () => [{ what: 'NAT gateways', price: 'nat-gateway', amount: hoursPerMonth }],
  'AWS::EC2::EIP': () => [{ what: 'Public addresses', price: 'public-ipv4', amount: hoursPerMonth }],
  'AWS::SecretsManager::Secret': () => [{ what: 'Secrets', price: 'secret', amount: 1 }],
  'AWS::KMS::Key': () => [{ what: 'KMS keys', price: 'kms-key', amount: 1 }],
  'AWS::CloudWatch::Alarm': (properties) => {
    const { Metrics: metrics } = alarm.parse(properties);
    const count = metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
    return [{ what: 'Alarms', price: 'alarm', amount: Math.max(1, count) }];
  },
  'AWS::CloudWatch::CompositeAlarm': () => [{ what: 'Composite alarms', price: 'composite-alarm', amount: 1 }],
  'AWS::CloudWatch::Dashboard': () => [{ what: 'Dashboards', price: 'dashboard', amount: 1 }],
  'AWS::WAFv2::WebACL': (properties) => [
    { what: 'Web ACLs', price: 'web-acl', amount: 1 },
    { what: 'Web ACL rules', price: 'web-acl-rule', amount: webAcl.parse(properties).Rules.length },
  ],
};

/** What costs by use only (see usage.ts), or nothing. A type that is in no list ends the computation. */
const byUse: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Model',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::CDK::Metadata',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::MSK::Configuration',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBProxy',
  'AWS::RDS::DBProxyTargetGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SSM::Parameter',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::WAFv2::WebACLAssociation',
]);

/**
 * What a stage's resources cost by being there.
 * @throws Error naming a resource type of which it is not said whether it costs.
 */
export function restingQuantities(resources: readonly TemplateResource[]): Quantity[] {
  const quantities = resources.flatMap(({ Type, Properties = {} }) => {
    const rule = rules[Type];
    if (rule !== undefined) return rule(Properties);
    if (byUse.has(Type) || Type.startsWith('Custom::')) return [];
    throw new Error(`${Type}: say in lib/cost/quantities.ts what it costs`);
  });
  const pollers = resources
    .filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')
    .reduce((sum, { Properties }) => sum + mapping.parse(Properties).ProvisionedPollerConfig.MinimumPollers, 0);
  const units = Math.ceil(pollers / assumptions.pollersPerUnit);
  return summed([
    ...quantities,
    { what: 'Event poller units', price: 'lambda-event-poller-unit', amount: units * hoursPerMonth },
  ]);
}

/** Quantities of the same name and price as one, in the order of their first. */
export function summed(quantities: readonly Quantity[]): Quantity[] {
  const sums = new Map<string, Quantity>();
  for (const quantity of quantities) {
    const key = `${quantity.what} ${quantity.price}`;
    sums.set(key, { ...quantity, amount: (sums.get(key)?.amount ?? 0) + quantity.amount });
  }
  return [...sums.values()];
}
