import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { relayEnvironment } from '../../functions/core/environment.ts';
import { publishedTopics, relayName } from '../catalogue.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { applicationUser } from './database.ts';
import { databaseGrants, type Grant } from './grant.ts';
import { kafkaArn } from './kafka-arns.ts';
import { kafkaIamPort } from './kafka-cluster.ts';
import { NodeFunction } from './node-function.ts';
import { databaseEnvironment, databasePort, type Stores } from './stores.ts';

export interface OutboxRelayProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/** A round has 75 s at the least: the producer's tries while a broker does not answer. */
const timeoutSeconds = 180;

/**
 * The relay: publishes announcements from the outbox. Groups that decide tell it after a batch; the schedule takes what
 * they could not tell it of.
 */
export class OutboxRelay extends Construct {
  readonly nodeFunction: NodeFunction;

  constructor(scope: Construct, id: string, { stage, stores }: OutboxRelayProps) {
    super(scope, id);
    const { database, cluster } = stores;
    const environment: z.input<typeof relayEnvironment> = {
      ...databaseEnvironment(stage, stores, { name: applicationUser, secret: database.applicationSecret }),
      KAFKA_BOOTSTRAP_SERVERS: cluster.bootstrapServers,
      KAFKA_AUTH: stage.authentication.kafka,
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: relayName,
      description: `Publishes announcements to ${publishedTopics.map(({ name }) => name).join(', ')}`,
      entry: 'functions/operations/relay/handler.ts',
      environment,
      permissions: permissions({ stage, stores }),
      timeoutSeconds,
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
    this.nodeFunction.mayReach('Kafka', cluster.securityGroup, kafkaIamPort);
    new events.Rule(this, 'Schedule', {
      description: 'Publishes announcements that the relay was not told of',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [
        new targets.LambdaFunction(this.nodeFunction.function, { event: events.RuleTargetInput.fromObject({}) }),
      ],
    });
  }
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html */
function permissions({ stage, stores: { cluster, database } }: OutboxRelayProps): readonly Grant[] {
  const { clusterArn } = cluster;
  return [
    [['kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'], [clusterArn]],
    [
      ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
      publishedTopics.map(({ name }) => kafkaArn(clusterArn, 'topic', name)),
    ],
    ...databaseGrants(stage, database),
  ];
}
