import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import { Construct } from 'constructs';
import { securityPaths } from '../../functions/operations/provision/search-roles.ts';
import { functionName } from '../catalogue.ts';
import type { DomainConfiguration } from '../stage/schema.ts';
import type { Network } from './network.ts';
import { removalPolicy } from './removal.ts';

export interface SearchDomainProps {
  readonly configuration: DomainConfiguration;
  readonly stage: string;
  readonly network: Network;
  readonly logRetention: logs.RetentionDays;
  readonly protect: boolean;
}

/**
 * The OpenSearch domain, inside the VPC. A request needs a way to its security group, a signature of this account, the
 * role's policy (method and path), and a security role inside the domain (fine-grained access control).
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
 */
export class SearchDomain extends Construct {
  readonly domainArn: string;
  readonly domainName: string;
  /** Base URL. */
  readonly endpoint: string;
  readonly securityGroup: ec2.ISecurityGroup;
  /** The domain's master user, which provisioning assumes to map functions to security roles. An imported domain's owner maps them. */
  readonly administratorArn: string | undefined;

  constructor(scope: Construct, id: string, props: SearchDomainProps) {
    super(scope, id);
    const { configuration, network, stage } = props;
    if (configuration.mode === 'import') {
      this.domainArn = configuration.domainArn;
      // arn:…:domain/<name>
      this.domainName = configuration.domainArn.split('/')[1] ?? configuration.domainArn;
      this.endpoint = configuration.endpoint;
      this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'Access', configuration.securityGroupId);
      this.administratorArn = undefined;
      return;
    }
    const domainName = `nlj-events-${stage}`;
    const access = new ec2.SecurityGroup(this, 'Access', { vpc: network.vpc, description: 'OpenSearch domain' });
    const { subnets } = network.vpc.selectSubnets(network.subnets);
    const zones = Math.min(configuration.dataNodes, subnets.length);
    const administrator = this.administrator(domainName, stage);
    const [slowSearches, slowWrites, application, audit] = this.logGroups(props);
    const domain = new opensearch.Domain(this, 'Domain', {
      domainName,
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
      fineGrainedAccessControl: { masterUserArn: administrator.roleArn },
      logging: {
        slowSearchLogEnabled: true,
        slowSearchLogGroup: slowSearches,
        slowIndexLogEnabled: true,
        slowIndexLogGroup: slowWrites,
        appLogEnabled: true,
        appLogGroup: application,
        auditLogEnabled: true,
        auditLogGroup: audit,
      },
      // CDK's own way is a function that may change every resource policy of CloudWatch Logs.
      suppressLogsResourcePolicy: true,
      enableAutoSoftwareUpdate: true,
      removalPolicy: removalPolicy(props.protect),
    });
    domain.node.addDependency(this.logAccess([slowSearches, slowWrites, application, audit]));
    this.onlySigned(domain, domainName);
    if (configuration.dedicatedMasters === 0) {
      Validations.of(domain).acknowledge({
        id: 'AwsSolutions-OS4',
        reason: 'The stage has few data nodes, which are masters too; the index can be rebuilt from PostgreSQL',
      });
    }
    if (zones === 1) {
      Validations.of(domain).acknowledge({
        id: 'AwsSolutions-OS7',
        reason: 'The stage has one data node; the index can be rebuilt from PostgreSQL',
      });
    }
    this.domainArn = domain.domainArn;
    this.domainName = domain.domainName;
    this.endpoint = `https://${domain.domainEndpoint}`;
    this.securityGroup = access;
    this.administratorArn = administrator.roleArn;
  }

  private arn(domainName: string, path: string): string {
    return Stack.of(this).formatArn({ service: 'es', resource: 'domain', resourceName: `${domainName}${path}` });
  }

  private administrator(domainName: string, stage: string): iam.Role {
    const stack = Stack.of(this);
    const provisioning = stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: functionName(stage, 'provision'),
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    return new iam.Role(this, 'Administrator', {
      description: 'Master user of the search domain: assumed by provisioning to map security roles',
      // By condition: a principal that does not exist yet would be refused.
      assumedBy: new iam.AccountRootPrincipal().withConditions({ ArnEquals: { 'aws:PrincipalArn': provisioning } }),
      inlinePolicies: {
        security: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['es:ESHttpPut'],
              resources: securityPaths.map((path) => this.arn(domainName, path)),
            }),
          ],
        }),
      },
    });
  }

  /** By property: CDK's own way makes a function that may change the domain. */
  private onlySigned(domain: opensearch.Domain, domainName: string): void {
    const { defaultChild } = domain.node;
    if (!(defaultChild instanceof opensearch.CfnDomain)) throw new Error(`${domain.node.path} has no CfnDomain`);
    defaultChild.accessPolicies = new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          principals: [new iam.AccountRootPrincipal()],
          actions: ['es:ESHttp*'],
          resources: [this.arn(domainName, '/*')],
        }),
      ],
    });
    Validations.of(domain).acknowledge({
      id: 'AwsSolutions-OS3',
      reason: 'A domain in a VPC takes no policy by IP address; its security group lets in the functions alone',
    });
  }

  private logGroups({ stage, logRetention, protect }: SearchDomainProps) {
    const group = (id: string, name: string) =>
      new logs.LogGroup(this, id, {
        logGroupName: `/nlj-events/${stage}/search-${name}`,
        retention: logRetention,
        removalPolicy: removalPolicy(protect),
      });
    return [
      group('SlowSearches', 'slow-searches'),
      group('SlowWrites', 'slow-writes'),
      group('Application', 'application'),
      group('Audit', 'audit'),
    ] as const;
  }

  /** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html */
  private logAccess(groups: readonly logs.LogGroup[]): logs.ResourcePolicy {
    const stack = Stack.of(this);
    return new logs.ResourcePolicy(this, 'LogAccess', {
      policyStatements: [
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal('es.amazonaws.com')],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: groups.map(({ logGroupArn }) => logGroupArn),
          conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
        }),
      ],
    });
  }
}
