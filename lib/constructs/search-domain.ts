import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import { Construct } from 'constructs';
import type { DomainConfiguration } from '../stage/schema.ts';
import type { Network } from './network.ts';

export interface SearchDomainProps {
  readonly configuration: DomainConfiguration;
  readonly network: Network;
  readonly protect: boolean;
}

/**
 * The OpenSearch domain, inside the VPC. It has no access policy of its own: who may call it is said by the
 * functions' roles, and who reaches it by its security group.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 */
export class SearchDomain extends Construct {
  readonly domainArn: string;
  readonly domainName: string;
  /** Base URL. */
  readonly endpoint: string;
  readonly securityGroup: ec2.ISecurityGroup;

  constructor(scope: Construct, id: string, props: SearchDomainProps) {
    super(scope, id);
    const { configuration, network } = props;
    if (configuration.mode === 'import') {
      this.domainArn = configuration.domainArn;
      // arn:…:domain/<name>
      this.domainName = configuration.domainArn.split('/')[1] ?? configuration.domainArn;
      this.endpoint = configuration.endpoint;
      this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'Access', configuration.securityGroupId);
      return;
    }
    const access = new ec2.SecurityGroup(this, 'Access', { vpc: network.vpc, description: 'OpenSearch domain' });
    const { subnets } = network.vpc.selectSubnets(network.subnets);
    const zones = Math.min(configuration.dataNodes, subnets.length);
    const domain = new opensearch.Domain(this, 'Domain', {
      version: opensearch.EngineVersion.OPENSEARCH_3_1,
      capacity: {
        dataNodes: configuration.dataNodes,
        dataNodeInstanceType: configuration.instanceType,
        masterNodes: configuration.dedicatedMasters,
        multiAzWithStandbyEnabled: false,
        ...(configuration.dedicatedMasters > 0 ? { masterNodeInstanceType: 'm7g.medium.search' } : {}),
      },
      ...(zones > 1 ? { zoneAwareness: { enabled: true, availabilityZoneCount: zones } } : {}),
      ebs: { volumeSize: configuration.volumeGiB, volumeType: ec2.EbsDeviceVolumeType.GP3 },
      vpc: network.vpc,
      vpcSubnets: [{ subnets: subnets.slice(0, zones) }],
      securityGroups: [access],
      encryptionAtRest: { enabled: true },
      nodeToNodeEncryption: true,
      enforceHttps: true,
      tlsSecurityPolicy: opensearch.TLSSecurityPolicy.TLS_1_2_PFS,
      enableAutoSoftwareUpdate: true,
      removalPolicy: props.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.domainArn = domain.domainArn;
    this.domainName = domain.domainName;
    this.endpoint = `https://${domain.domainEndpoint}`;
    this.securityGroup = access;
  }
}
