import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as msk from 'aws-cdk-lib/aws-msk';
import { AwsCustomResource, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { ClusterConfiguration } from '../stage/schema.ts';
import type { Network } from './network.ts';
import { removalPolicy } from './removal.ts';

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html */
const kafkaVersion = '3.9.x';
/** The listener of clients that authenticate by IAM, inside the VPC. */
export const kafkaIamPort = 9098;

export interface KafkaClusterProps {
  readonly configuration: ClusterConfiguration;
  readonly stage: string;
  readonly network: Network;
  readonly replicationFactor: number;
  readonly logRetention: logs.RetentionDays;
  readonly protect: boolean;
}

/** The MSK cluster: KRaft, IAM authentication over TLS only, no topic that nobody declared. */
export class KafkaCluster extends Construct {
  readonly clusterArn: string;
  /** As AWS's metrics name it. */
  readonly clusterName: string;
  /** Addresses of the IAM listener. */
  readonly bootstrapServers: string;
  readonly securityGroup: ec2.ISecurityGroup;

  constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    const { configuration } = props;
    if (configuration.mode === 'import') {
      this.clusterArn = configuration.clusterArn;
      // arn:…:cluster/<name>/<id>
      this.clusterName = configuration.clusterArn.split('/')[1] ?? configuration.clusterArn;
      this.bootstrapServers = configuration.bootstrapServers;
      this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'Access', configuration.securityGroupId);
      return;
    }
    this.clusterName = `nlj-events-${props.stage}`;
    const removal = removalPolicy(props.protect);
    const access = new ec2.SecurityGroup(this, 'Access', { vpc: props.network.vpc, description: 'Kafka brokers' });
    // The pollers of the event source mappings run in the cluster's own subnets and security group.
    access.addIngressRule(access, ec2.Port.tcp(kafkaIamPort), 'pollers of the event source mappings');
    const cluster = new msk.CfnCluster(this, 'Cluster', {
      clusterName: this.clusterName,
      kafkaVersion: `${kafkaVersion}.kraft`,
      numberOfBrokerNodes: configuration.brokers,
      brokerNodeGroupInfo: {
        instanceType: configuration.brokerInstanceType,
        clientSubnets: props.network.vpc.selectSubnets(props.network.subnets).subnetIds,
        securityGroups: [access.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: configuration.volumeGiB } },
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: {
        encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
        ...(configuration.encryptionKey === 'customer' ? { encryptionAtRest: this.encryptionAtRest(removal) } : {}),
      },
      configurationInfo: this.serverConfiguration(props),
      loggingInfo: {
        brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: this.brokerLogs(props).logGroupName } },
      },
    });
    cluster.applyRemovalPolicy(removal);
    this.clusterArn = cluster.attrArn;
    this.securityGroup = access;
    this.bootstrapServers = this.bootstrapBrokers(cluster, props);
  }

  /** Without it MSK encrypts the volumes with the key that it manages itself. */
  private encryptionAtRest(removalPolicy: RemovalPolicy): msk.CfnCluster.EncryptionAtRestProperty {
    const key = new kms.Key(this, 'VolumeKey', {
      description: 'Volumes of the Kafka brokers',
      enableKeyRotation: true,
      removalPolicy,
    });
    return { dataVolumeKmsKeyId: key.keyArn };
  }

  private serverConfiguration({
    stage,
    replicationFactor,
  }: KafkaClusterProps): msk.CfnCluster.ConfigurationInfoProperty {
    const configuration = new msk.CfnConfiguration(this, 'Configuration', {
      name: `nlj-events-${stage}`,
      kafkaVersionsList: [`${kafkaVersion}.kraft`],
      serverProperties: [
        'auto.create.topics.enable=false',
        `default.replication.factor=${replicationFactor}`,
        `min.insync.replicas=${Math.max(1, replicationFactor - 1)}`,
        'unclean.leader.election.enable=false',
        '',
      ].join('\n'),
    });
    return { arn: configuration.attrArn, revision: configuration.attrLatestRevisionRevision };
  }

  private brokerLogs({ stage, logRetention, protect }: KafkaClusterProps): logs.LogGroup {
    return new logs.LogGroup(this, 'BrokerLogs', {
      logGroupName: `/nlj-events/${stage}/kafka-brokers`,
      retention: logRetention,
      removalPolicy: removalPolicy(protect),
    });
  }

  /**
   * CloudFormation has no attribute for them.
   * @see https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-bootstrap-brokers.html
   */
  private bootstrapBrokers(cluster: msk.CfnCluster, { stage, logRetention }: KafkaClusterProps): string {
    const call = {
      service: 'Kafka',
      action: 'GetBootstrapBrokers',
      parameters: { ClusterArn: cluster.attrArn },
      physicalResourceId: PhysicalResourceId.of(`nlj-events-${stage}-bootstrap-brokers`),
      outputPaths: ['BootstrapBrokerStringSaslIam'],
    };
    const logGroup = new logs.LogGroup(this, 'LookupLogs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const lookup = new AwsCustomResource(this, 'BootstrapBrokers', {
      resourceType: 'Custom::KafkaBootstrapBrokers',
      onCreate: call,
      onUpdate: call,
      installLatestAwsSdk: false,
      logGroup,
      role: this.lookupRole(cluster, logGroup),
    });
    return lookup.getResponseField('BootstrapBrokerStringSaslIam');
  }

  /** CDK's own has a managed policy, which may write to every log group. */
  private lookupRole(cluster: msk.CfnCluster, logGroup: logs.LogGroup): iam.Role {
    const statement = (actions: string[], resource: string) =>
      new iam.PolicyStatement({ actions, resources: [resource] });
    return new iam.Role(this, 'LookupRole', {
      description: 'Looks up the addresses of the Kafka brokers at deployment',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        work: new iam.PolicyDocument({
          statements: [
            statement(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
            statement(['kafka:GetBootstrapBrokers'], cluster.attrArn),
          ],
        }),
      },
    });
  }
}
