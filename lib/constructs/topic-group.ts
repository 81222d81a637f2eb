import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { z } from 'zod';
import { deadLetterPrefix, mappingPrefix } from '../../functions/core/dead-letter/dead-letter.ts';
import type { topicGroupEnvironment } from '../../functions/core/environment.ts';
import { consumerGroupId, type TopicGroup as Group, type Topic } from '../catalogue.ts';
import { publishSubject } from '../monitoring/subjects.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { StageError } from '../stage/stage-error.ts';
import { applicationUser } from './database.ts';
import { databaseGrants, type Grant } from './grant.ts';
import { kafkaArn } from './kafka-arns.ts';
import { type MappingSettings, mappingFaults } from './mapping-check.ts';
import { NodeFunction } from './node-function.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import { databasePort, type Stores, storeEnvironment } from './stores.ts';

export interface TopicGroupProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
  readonly group: Group;
  /** What a group that announces its decisions tells of them. */
  readonly relay: OutboxRelay;
}

/** A topic group: its function, and one event source mapping for each of its topics. */
export class TopicGroup extends Construct {
  readonly nodeFunction: NodeFunction;
  readonly mappings: readonly lambda.CfnEventSourceMapping[];

  constructor(scope: Construct, id: string, props: TopicGroupProps) {
    super(scope, id);
    const { stage, stores, group } = props;
    const { database, domain } = stores;
    const environment: z.input<typeof topicGroupEnvironment> = {
      ...storeEnvironment(stage, stores, { name: applicationUser, secret: database.applicationSecret }),
      TOPIC_GROUP: group.name,
      DEAD_LETTER_BUCKET: stores.deadLetters.bucketName,
      AGENT_KEY_SECRET_ARN: stores.agentKey.secretArn,
      AUTHORITY_HOME_PAGE: stage.authority.homePage,
      AUTHORITY_NAME: stage.authority.name,
      DEBUG_SAMPLE_RATE: String(stage.observability.debugSampleRate),
      TRACE_HEADERS: stage.observability.traceHeaders ? 'on' : 'off',
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: group.name,
      description: `Consumes ${group.topics.map(({ name }) => name).join(', ')}`,
      entry: `functions/${group.name}/handler.ts`,
      environment,
      permissions: permissions(props),
      debugLines: stage.observability.debugSampleRate > 0,
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
    this.nodeFunction.mayReach('Domain', domain.securityGroup, 443);
    this.mappings = group.topics.map((topic) => this.mapping(props, topic));
  }

  /** @throws StageError naming every rule that the topic's mapping breaks. */
  private mapping({ stage, stores, group }: TopicGroupProps, topic: Topic): lambda.CfnEventSourceMapping {
    const settings = mappingSettings(stage, topic);
    const faults = mappingFaults(settings);
    if (faults.length > 0)
      throw new StageError(`stage ${stage.stage}: mapping: ${faults.join('; ')}; correct the stage file`);
    const mapping = new lambda.CfnEventSourceMapping(this, `Mapping-${topic.name}`, {
      functionName: this.nodeFunction.function.functionName,
      eventSourceArn: stores.cluster.clusterArn,
      topics: [topic.name],
      amazonManagedKafkaEventSourceConfig: { consumerGroupId: consumerGroupId(stage.stage, group.name, topic.name) },
      startingPosition: settings.startingPosition,
      batchSize: settings.batchSize,
      maximumBatchingWindowInSeconds: settings.windowSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: stage.mapping.maximumRetryAttempts,
      maximumRecordAgeInSeconds: stage.mapping.maximumRecordAge,
      provisionedPollerConfig: {
        minimumPollers: settings.pollers.minimum,
        maximumPollers: settings.pollers.maximum,
        pollerGroupName: settings.pollers.groupName,
      },
      destinationConfig: { onFailure: { destination: stores.deadLetters.bucketArn } },
      metricsConfig: { metrics: [...mappingMetrics] },
    });
    // Its network rules too: the first batch may come as soon as the mapping is there.
    mapping.node.addDependency(this.nodeFunction);
    publishSubject(this, stage.stage, `mapping/${topic.name}`, mapping.ref);
    return mapping;
  }
}

/** Groups of metrics that AWS publishes for a mapping; without being asked it publishes none but the pollers. */
const mappingMetrics = ['EventCount', 'ErrorCount', 'KafkaMetrics'] as const;

function mappingSettings(stage: StageConfiguration, topic: Topic) {
  const { mapping } = stage;
  return {
    topic: topic.name,
    partitions: topic.partitions,
    functionTimeoutSeconds: stage.function.timeoutSeconds,
    batchSize: mapping.batchSize,
    windowSeconds: mapping.windowSeconds,
    startingPosition: 'TRIM_HORIZON',
    pollers: {
      minimum: mapping.minimumPollers,
      maximum: Math.min(mapping.maximumPollers, topic.partitions),
      groupName: mapping.pollerGroupName,
    },
    reportBatchItemFailures: true,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: mapping.maximumRetryAttempts,
    maximumRecordAge: mapping.maximumRecordAge,
    onFailureDestination: 's3',
    metrics: mappingMetrics,
  } as const satisfies MappingSettings;
}

/**
 * What the mappings and the function may do. The pollers act with the function's role.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
function permissions({ stage, stores, group, relay }: TopicGroupProps): readonly Grant[] {
  const { clusterArn } = stores.cluster;
  const { deadLetters, database, domain } = stores;
  const topics = group.topics.map(({ name }) => name);
  return [
    [['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'], [clusterArn]],
    [['kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration'], [clusterArn]],
    [
      ['kafka-cluster:DescribeTopic', 'kafka-cluster:DescribeTopicDynamicConfiguration', 'kafka-cluster:ReadData'],
      topics.map((topic) => kafkaArn(clusterArn, 'topic', topic)),
    ],
    [
      ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
      topics.map((topic) => kafkaArn(clusterArn, 'group', consumerGroupId(stage.stage, group.name, topic))),
    ],
    [
      ['s3:PutObject'],
      [deadLetters.arnForObjects(`${deadLetterPrefix}*`), deadLetters.arnForObjects(`${mappingPrefix}*`)],
    ],
    [['s3:ListBucket'], [deadLetters.bucketArn]],
    [['secretsmanager:GetSecretValue'], [stores.agentKey.secretArn]],
    ...databaseGrants(stage, database),
    [['es:ESHttpPost'], [`${domain.domainArn}/_bulk`]],
    ...(group.announces === true
      ? [[['lambda:InvokeFunction'], [relay.nodeFunction.function.functionArn]] as const]
      : []),
  ];
}
