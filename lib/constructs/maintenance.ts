import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { z } from 'zod';
import { deadLetterPrefix, mappingPrefix } from '../../functions/core/dead-letter/dead-letter.ts';
import type { maintenanceEnvironment } from '../../functions/core/environment.ts';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { exportPrefix } from '../../functions/exports/job.ts';
import type { MaintenanceRequestInput } from '../../functions/operations/maintenance/request.ts';
import { consumerGroupId, topicGroups } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { applicationUser } from './database.ts';
import { databaseGrants, type Grant } from './grant.ts';
import { kafkaArn } from './kafka-arns.ts';
import { kafkaIamPort } from './kafka-cluster.ts';
import { NodeFunction } from './node-function.ts';
import { databasePort, type Stores, storeEnvironment } from './stores.ts';

export interface MaintenanceProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/** Lambda's longest: rebuilds and erasures go on from call to call. */
const timeoutSeconds = 900;

/** What is asked by schedule. */
const schedules: readonly (readonly [
  id: string,
  description: string,
  every: Duration,
  request: MaintenanceRequestInput,
])[] = [
  ['Reconcile', 'Puts right what functions could not finish', Duration.minutes(5), { action: 'reconcile' }],
  ['ReconcileAll', 'Compares the whole ledger with the index', Duration.days(1), { action: 'reconcile', scope: 'all' }],
  ['Measure', 'Measures what waits', Duration.minutes(1), { action: 'measure' }],
  ['Rebuild', 'Goes on with a generation of the index that was begun', Duration.minutes(5), { action: 'rebuild' }],
];

/** The maintenance function: reconciler, rebuild, erasure, retention, and the way back after a restore. */
export class Maintenance extends Construct {
  readonly nodeFunction: NodeFunction;

  constructor(scope: Construct, id: string, props: MaintenanceProps) {
    super(scope, id);
    const { stage, stores } = props;
    const { cluster, database, domain, deadLetters } = stores;
    const environment: z.input<typeof maintenanceEnvironment> = {
      ...storeEnvironment(stage, stores, { name: applicationUser, secret: database.applicationSecret }),
      KAFKA_BOOTSTRAP_SERVERS: cluster.bootstrapServers,
      KAFKA_AUTH: stage.authentication.kafka,
      OPENSEARCH_REPLICAS: String(stage.opensearchReplicas),
      DEAD_LETTER_BUCKET: deadLetters.bucketName,
      EXPORT_BUCKET: stores.exports.bucketName,
      AGENT_KEY_SECRET_ARN: stores.agentKey.secretArn,
      TOPIC_GROUP_TIMEOUT: String(stage.function.timeoutSeconds),
      AUTHORITY_HOME_PAGE: stage.authority.homePage,
      AUTHORITY_NAME: stage.authority.name,
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: 'maintenance',
      description: 'Reconciles ledger and index, rebuilds the index, erases people and what is too old',
      entry: 'functions/operations/maintenance/handler.ts',
      environment,
      permissions: permissions(props),
      timeoutSeconds,
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
    this.nodeFunction.mayReach('Kafka', cluster.securityGroup, kafkaIamPort);
    this.nodeFunction.mayReach('Domain', domain.securityGroup, 443);
    for (const [ruleId, description, every, request] of schedules) {
      const rule = new events.Rule(this, ruleId, { description, schedule: events.Schedule.rate(every) });
      rule.addTarget(
        new targets.LambdaFunction(this.nodeFunction.function, { event: events.RuleTargetInput.fromObject(request) }),
      );
    }
  }
}

function permissions({ stage, stores }: MaintenanceProps): readonly Grant[] {
  const { deadLetters, database, domain } = stores;
  const { clusterArn } = stores.cluster;
  const topics = topicGroups.flatMap((group) => group.topics.map(({ name }) => ({ group: group.name, name })));
  const letters = [deadLetters.arnForObjects(`${deadLetterPrefix}*`), deadLetters.arnForObjects(`${mappingPrefix}*`)];
  return [
    [['kafka-cluster:Connect'], [clusterArn]],
    [['kafka-cluster:DescribeTopic'], topics.map(({ name }) => kafkaArn(clusterArn, 'topic', name))],
    [
      ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
      topics.map(({ group, name }) => kafkaArn(clusterArn, 'group', consumerGroupId(stage.stage, group, name))),
    ],
    [['s3:GetObject'], letters],
    [['s3:PutObject'], letters.slice(1)],
    // By version only: nothing is hidden by a marker.
    [['s3:DeleteObjectVersion'], letters],
    [['s3:ListBucket', 's3:ListBucketVersions'], [deadLetters.bucketArn]],
    [['s3:DeleteObject'], [stores.exports.arnForObjects(`${exportPrefix}*`)]],
    [['s3:ListBucket'], [stores.exports.bucketArn]],
    [['secretsmanager:GetSecretValue'], [stores.agentKey.secretArn]],
    ...databaseGrants(stage, database),
    [['es:ESHttpPost'], [`${domain.domainArn}/_bulk`, `${domain.domainArn}/_aliases`]],
    [['es:ESHttpGet'], [`${domain.domainArn}/_alias/${statementAlias}`]],
    [['es:ESHttpDelete', 'es:ESHttpGet', 'es:ESHttpPut'], [`${domain.domainArn}/_index_template/*`]],
    [['es:ESHttpDelete', 'es:ESHttpGet', 'es:ESHttpPost', 'es:ESHttpPut'], [`${domain.domainArn}/${statementAlias}-*`]],
  ];
}
