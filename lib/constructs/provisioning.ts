import { Duration, Stack } from 'aws-cdk-lib';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { provisionEnvironment } from '../../functions/core/environment.ts';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { allTopics, functionName } from '../catalogue.ts';
import { searchAccess } from '../search-access.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import type { Grant } from './grant.ts';
import { kafkaArn } from './kafka-arns.ts';
import { kafkaIamPort } from './kafka-cluster.ts';
import { NodeFunction } from './node-function.ts';
import { databasePort, type Stores, storeEnvironment } from './stores.ts';

const folder = 'functions/operations/provision';

export interface ProvisioningProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/**
 * Migrations, topics and index templates, at every deployment that changes them: they are part of the function's
 * bundle, and the trigger runs each new version of the function once. An error fails the deployment.
 */
export class Provisioning extends Construct {
  readonly nodeFunction: NodeFunction;
  readonly trigger: Trigger;

  constructor(scope: Construct, id: string, { stage, stores }: ProvisioningProps) {
    super(scope, id);
    const { database, cluster, domain } = stores;
    const environment: z.input<typeof provisionEnvironment> = {
      ...storeEnvironment(stage, stores, { name: database.ownerUser, secret: database.ownerSecret }),
      APPLICATION_SECRET_ARN: database.applicationSecret.secretArn,
      KAFKA_BOOTSTRAP_SERVERS: cluster.bootstrapServers,
      KAFKA_AUTH: stage.authentication.kafka,
      KAFKA_REPLICATION_FACTOR: String(stage.replicationFactor),
      OPENSEARCH_REPLICAS: String(stage.opensearchReplicas),
      SEARCH_ADMINISTRATOR_ROLE_ARN: domain.administratorArn ?? '',
      SEARCH_ROLE_ARNS: JSON.stringify(this.searchRoleArns(stage.stage)),
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: 'provision',
      description: 'Migrations, topics and index templates, at deployment',
      entry: `${folder}/handler.ts`,
      environment,
      permissions: permissions({ stage, stores }),
      commandHooks: {
        beforeBundling: () => [],
        beforeInstall: () => [],
        afterBundling: (input, output) => [`cp -R "${input}/${folder}/migrations" "${output}/migrations"`],
      },
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
    this.nodeFunction.mayReach('Kafka', cluster.securityGroup, kafkaIamPort);
    this.nodeFunction.mayReach('Domain', domain.securityGroup, 443);
    this.trigger = new Trigger(this, 'Trigger', {
      handler: this.nodeFunction.function,
      timeout: Duration.seconds(stage.function.timeoutSeconds),
      // Its rules too: without them the function would wait for a store that it cannot reach.
      executeAfter: [this.nodeFunction],
    });
  }

  /** By name: most of the roles come after provisioning. */
  private searchRoleArns(stage: string) {
    const arns = (names: readonly string[]) =>
      names.map((name) =>
        Stack.of(this).formatArn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName: functionName(stage, name),
        }),
      );
    return Object.fromEntries(Object.entries(searchAccess).map(([role, names]) => [role, arns(names)]));
  }
}

function permissions({ stage, stores }: ProvisioningProps): readonly Grant[] {
  const { database, domain } = stores;
  const { clusterArn } = stores.cluster;
  const secrets = [
    database.applicationSecret.secretArn,
    ...(stage.authentication.database === 'password' ? [database.ownerSecret.secretArn] : []),
  ];
  return [
    [['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster'], [clusterArn]],
    [
      [
        'kafka-cluster:AlterTopic',
        'kafka-cluster:AlterTopicDynamicConfiguration',
        'kafka-cluster:CreateTopic',
        'kafka-cluster:DescribeTopic',
        'kafka-cluster:DescribeTopicDynamicConfiguration',
      ],
      allTopics.map(({ name }) => kafkaArn(clusterArn, 'topic', name)),
    ],
    [['secretsmanager:GetSecretValue'], secrets],
    [['rds-db:connect'], [database.connectArn(database.ownerUser)]],
    ...(domain.administratorArn === undefined ? [] : [[['sts:AssumeRole'], [domain.administratorArn]] as const]),
    [['es:ESHttpPut'], [`${domain.domainArn}/_index_template/*`, `${domain.domainArn}/${statementAlias}-*`]],
  ];
}
