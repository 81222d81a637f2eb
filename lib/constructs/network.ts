import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { NetworkConfiguration } from '../stage/schema.ts';
import { asVpc } from './cdk-interfaces.ts';

export interface NetworkProps {
  readonly configuration: NetworkConfiguration;
  /** Where flow logs go. */
  readonly accessLogs: s3.IBucket;
}

/**
 * The VPC of functions and stores. By default its subnets have no way to the internet: functions reach AWS's APIs by
 * endpoints inside it, and the pollers of the mappings reach lambda, sts and secretsmanager the same way.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-cluster-network.html
 */
export class Network extends Construct {
  readonly vpc: ec2.IVpc;
  /** Where every function and every store lies. */
  readonly subnets: ec2.SubnetSelection;

  constructor(scope: Construct, id: string, { configuration, accessLogs }: NetworkProps) {
    super(scope, id);
    if (configuration.mode === 'import') {
      this.vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
        vpcId: configuration.vpcId,
        vpcCidrBlock: configuration.vpcCidr,
        availabilityZones: [...configuration.availabilityZones],
        isolatedSubnetIds: [...configuration.subnetIds],
      });
      this.subnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
      Annotations.of(this).acknowledgeWarning(
        '@aws-cdk/aws-ec2:noSubnetRouteTableId',
        'the routes of an imported network are not ours',
      );
      return;
    }
    const nat = configuration.egress === 'nat';
    const subnetType = nat ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
    this.subnets = { subnetType };
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(configuration.cidr),
      maxAzs: configuration.zones,
      natGateways: nat ? configuration.zones : 0,
      subnetConfiguration: [
        { name: 'private', subnetType },
        ...(nat ? [{ name: 'public', subnetType: ec2.SubnetType.PUBLIC }] : []),
      ],
    });
    this.vpc = asVpc(vpc);
    vpc.addFlowLog('FlowLog', {
      destination: ec2.FlowLogDestination.toS3(accessLogs, 'network/', { hiveCompatiblePartitions: true }),
    });
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    if (nat) return;
    // Of our own: CDK's is open to the addresses by a reference, which no check can read.
    const access = new ec2.SecurityGroup(this, 'EndpointAccess', {
      vpc: this.vpc,
      description: 'Endpoints of AWS APIs',
    });
    access.addIngressRule(ec2.Peer.ipv4(configuration.cidr), ec2.Port.HTTPS, 'the network');
    const services = {
      Lambda: ec2.InterfaceVpcEndpointAwsService.LAMBDA,
      Sts: ec2.InterfaceVpcEndpointAwsService.STS,
      SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    };
    for (const [name, service] of Object.entries(services)) {
      vpc.addInterfaceEndpoint(name, { service, subnets: this.subnets, open: false, securityGroups: [access] });
    }
  }
}
