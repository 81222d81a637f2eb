import { ArnFormat, Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DatabaseConfiguration } from '../stage/schema.ts';
import { asSecret } from './cdk-interfaces.ts';
import type { Network } from './network.ts';
import { removalPolicy } from './removal.ts';

/** The role that the topic group functions connect as: it reads and writes rows and owns nothing. */
export const applicationUser = 'nlj_app';
/** The role that owns the tables; provisioning alone connects as it. */
const ownerUser = 'nlj_owner';

export interface DatabaseProps {
  readonly configuration: DatabaseConfiguration;
  readonly network: Network;
  readonly protect: boolean;
}

/** The instance behind the proxy, for who must present a password. */
export interface DirectDatabase {
  readonly host: string;
  readonly securityGroup: ec2.ISecurityGroup;
}

/**
 * PostgreSQL behind an RDS Proxy that takes only TLS and IAM tokens; the proxy alone knows the passwords.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
 */
export class Database extends Construct {
  readonly databaseName: string;
  readonly ownerUser: string;
  /** Host name of the proxy. */
  readonly endpoint: string;
  readonly proxyArn: string;
  readonly proxyName: string;
  /** Null for an imported database: what is known of it is its proxy. */
  readonly instanceIdentifier: string | null;
  /** Security group of the proxy. */
  readonly securityGroup: ec2.ISecurityGroup;
  readonly ownerSecret: secretsmanager.ISecret;
  readonly applicationSecret: secretsmanager.ISecret;
  /** Undefined where the database is imported: its owner changes the passwords. */
  readonly instance: DirectDatabase | undefined;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { configuration, network } = props;
    this.databaseName = configuration.name;
    if (configuration.mode === 'import') {
      const { fromSecretCompleteArn } = secretsmanager.Secret;
      this.ownerUser = configuration.masterUsername;
      this.instance = undefined;
      this.endpoint = configuration.proxyEndpoint;
      this.proxyArn = configuration.proxyArn;
      this.proxyName = configuration.proxyName;
      this.instanceIdentifier = null;
      this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'Access', configuration.securityGroupId);
      this.ownerSecret = fromSecretCompleteArn(this, 'OwnerSecret', configuration.masterSecretArn);
      this.applicationSecret = fromSecretCompleteArn(this, 'ApplicationSecret', configuration.applicationSecretArn);
      return;
    }
    const removal = removalPolicy(props.protect);
    this.ownerUser = ownerUser;
    const instance = this.createInstance(configuration, network, props.protect, removal);
    this.ownerSecret = attached(instance);
    this.instance = direct(instance);
    // Not attached to the instance: the role comes into being by the first migration, not with the instance.
    this.applicationSecret = this.generatedSecret('ApplicationSecret', applicationUser, removal);
    const access = new ec2.SecurityGroup(this, 'Access', { vpc: network.vpc, description: 'RDS Proxy' });
    const proxy = new rds.DatabaseProxy(this, 'Proxy', {
      proxyTarget: rds.ProxyTarget.fromInstance(instance),
      secrets: [this.ownerSecret, this.applicationSecret],
      iamAuth: true,
      requireTLS: true,
      clientPasswordAuthType: rds.ClientPasswordAuthType.POSTGRES_SCRAM_SHA_256,
      vpc: network.vpc,
      vpcSubnets: network.subnets,
      securityGroups: [access],
      borrowTimeout: Duration.seconds(30),
      idleClientTimeout: Duration.minutes(15),
    });
    this.endpoint = proxy.endpoint;
    this.proxyArn = proxy.dbProxyArn;
    this.proxyName = proxy.dbProxyName;
    this.instanceIdentifier = instance.instanceIdentifier;
    this.securityGroup = access;
  }

  /** What `rds-db:connect` through the proxy as a user is granted on. */
  connectArn(user: string): string {
    const stack = Stack.of(this);
    const { resourceName: proxyId } = stack.splitArn(this.proxyArn, ArnFormat.COLON_RESOURCE_NAME);
    return stack.formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${proxyId}/${user}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  private generatedSecret(id: string, username: string, removalPolicy: RemovalPolicy): secretsmanager.ISecret {
    const secret = new rds.DatabaseSecret(this, id, { username });
    secret.applyRemovalPolicy(removalPolicy);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Rotated every 30 days by a schedule of the pipeline stack, which has the function (SecretRotation)',
    });
    return asSecret(secret);
  }

  private createInstance(
    configuration: DatabaseConfiguration & { readonly mode: 'create' },
    network: Network,
    protect: boolean,
    removalPolicy: RemovalPolicy,
  ): rds.DatabaseInstance {
    const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 });
    const instance = new rds.DatabaseInstance(this, 'Instance', {
      engine,
      instanceType: new ec2.InstanceType(configuration.instanceType),
      databaseName: configuration.name,
      credentials: rds.Credentials.fromSecret(this.generatedSecret('OwnerSecret', ownerUser, removalPolicy)),
      vpc: network.vpc,
      vpcSubnets: network.subnets,
      subnetGroup: new rds.SubnetGroup(this, 'Subnets', {
        description: 'Subnets of the database',
        vpc: network.vpc,
        vpcSubnets: network.subnets,
        removalPolicy,
      }),
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine,
        description: 'TLS only',
        parameters: { 'rds.force_ssl': '1' },
        removalPolicy,
      }),
      multiAz: configuration.multiAz,
      storageType: rds.StorageType.GP3,
      allocatedStorage: configuration.storageGiB,
      maxAllocatedStorage: configuration.maximumStorageGiB,
      storageEncrypted: true,
      iamAuthentication: true,
      publiclyAccessible: false,
      backupRetention: Duration.days(configuration.backupDays),
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      deletionProtection: protect,
      removalPolicy,
    });
    Validations.of(instance).acknowledge({
      id: 'AwsSolutions-RDS11',
      reason:
        "Only the proxy's and the rotation's security groups reach the instance; another port would keep out nobody",
    });
    if (!configuration.multiAz) {
      Validations.of(instance).acknowledge({
        id: 'AwsSolutions-RDS3',
        reason: 'The stage waits for a new instance rather than pay for a standby: records stay in Kafka meanwhile',
      });
    }
    if (!protect) {
      Validations.of(instance).acknowledge({ id: 'AwsSolutions-RDS10', reason: 'The stage is thrown away at will' });
    }
    return instance;
  }
}

function direct(instance: rds.DatabaseInstance): DirectDatabase {
  const [securityGroup] = instance.connections.securityGroups;
  if (securityGroup === undefined) throw new Error(`${instance.node.path} has no security group`);
  return { host: instance.dbInstanceEndpointAddress, securityGroup };
}

function attached(instance: rds.DatabaseInstance): secretsmanager.ISecret {
  if (instance.secret === undefined) throw new Error(`${instance.node.path} has no secret of its owner`);
  return instance.secret;
}
