import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AccessLogs } from '../constructs/access-logs.ts';
import { AgentKeySecret } from '../constructs/agent-key-secret.ts';
import { Database } from '../constructs/database.ts';
import { DeadLetterBucket } from '../constructs/dead-letter-bucket.ts';
import { ExportBucket } from '../constructs/export-bucket.ts';
import { KafkaCluster } from '../constructs/kafka-cluster.ts';
import { Network } from '../constructs/network.ts';
import { logRetention } from '../constructs/node-function.ts';
import { OperatorAccess } from '../constructs/operator-access.ts';
import { SearchDomain } from '../constructs/search-domain.ts';
import type { Stores } from '../constructs/stores.ts';
import { publishSubject } from '../monitoring/subjects.ts';
import type { StageConfiguration } from '../stage/schema.ts';

/** What holds data. It changes seldom, and nothing in it is replaced by a change of code. */
export class StatefulStack extends Stack {
  readonly stores: Stores;
  private readonly zones: number;

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { readonly stage: StageConfiguration }) {
    super(scope, id, props);
    const { protect } = stage;
    this.zones = stage.network.mode === 'create' ? stage.network.zones : stage.network.availabilityZones.length;
    const accessLogs = new AccessLogs(this, 'AccessLogs', { protect, days: stage.logRetentionDays }).bucket;
    const network = new Network(this, 'Network', { configuration: stage.network, accessLogs });
    const cluster = new KafkaCluster(this, 'Kafka', {
      configuration: stage.cluster,
      stage: stage.stage,
      network,
      replicationFactor: stage.replicationFactor,
      logRetention: logRetention(stage),
      protect,
    });
    const database = new Database(this, 'Database', { configuration: stage.database, network, protect });
    const domain = new SearchDomain(this, 'Search', {
      configuration: stage.domain,
      stage: stage.stage,
      network,
      logRetention: logRetention(stage),
      protect,
    });
    const operators = new OperatorAccess(this, 'Operators', { stage: stage.stage, network, database, domain });
    const deadLetters = new DeadLetterBucket(this, 'DeadLetters', { protect, accessLogs }).bucket;
    const exports = new ExportBucket(this, 'Exports', { protect, accessLogs }).bucket;
    const agentKey = new AgentKeySecret(this, 'AgentKey', { protect }).secret;
    this.stores = { network, cluster, database, domain, deadLetters, exports, agentKey };
    publishSubject(this, stage.stage, 'kafka-cluster', cluster.clusterName);
    if (database.instanceIdentifier !== null) {
      publishSubject(this, stage.stage, 'database-instance', database.instanceIdentifier);
    }
    publishSubject(this, stage.stage, 'database-proxy', database.proxyName);
    publishSubject(this, stage.stage, 'search-domain', domain.domainName);
    new CfnOutput(this, 'ClusterArn', { value: cluster.clusterArn });
    new CfnOutput(this, 'BootstrapServers', { value: cluster.bootstrapServers });
    new CfnOutput(this, 'DatabaseEndpoint', { value: database.endpoint });
    new CfnOutput(this, 'SearchEndpoint', { value: domain.endpoint });
    new CfnOutput(this, 'OperatorRole', { value: operators.role.roleArn });
    new CfnOutput(this, 'OperatorSecurityGroup', { value: operators.securityGroup.securityGroupId });
    new CfnOutput(this, 'DeadLetterBucket', { value: deadLetters.bucketName });
    new CfnOutput(this, 'ExportBucket', { value: exports.bucketName });
  }

  /** The first zones of whatever region the stack is deployed to; CDK by itself names two, or asks an account. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.zones }, (_, zone) => Fn.select(zone, Fn.getAzs()));
  }
}
