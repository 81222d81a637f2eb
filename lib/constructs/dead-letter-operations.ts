import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { z } from 'zod';
import { deadLetterPrefix, mappingPrefix } from '../../functions/core/dead-letter/dead-letter.ts';
import type { deadLettersEnvironment } from '../../functions/core/environment.ts';
import { scheduledReplay } from '../../functions/operations/dead-letters/request.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { applicationUser } from './database.ts';
import { databaseGrants, type Grant } from './grant.ts';
import { NodeFunction } from './node-function.ts';
import { databasePort, type Stores, storeEnvironment } from './stores.ts';
import type { TopicGroup } from './topic-group.ts';

export interface DeadLetterOperationsProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
  readonly groups: readonly TopicGroup[];
}

/** Lambda's longest; the function waits for those that it invokes. */
const timeoutSeconds = 900;
const every = Duration.minutes(5);

/**
 * The dead letters' function, and what asks it besides operators: the bucket, when a mapping gave up a batch, and a
 * schedule, which replays those batches.
 */
export class DeadLetterOperations extends Construct {
  readonly nodeFunction: NodeFunction;

  constructor(scope: Construct, id: string, props: DeadLetterOperationsProps) {
    super(scope, id);
    const { stage, stores } = props;
    const { database, domain, deadLetters } = stores;
    const environment: z.input<typeof deadLettersEnvironment> = {
      ...storeEnvironment(stage, stores, { name: applicationUser, secret: database.applicationSecret }),
      DEAD_LETTER_BUCKET: deadLetters.bucketName,
      TOPIC_GROUP_TIMEOUT: String(stage.function.timeoutSeconds),
      AUTHORITY_HOME_PAGE: stage.authority.homePage,
      AUTHORITY_NAME: stage.authority.name,
    };
    this.nodeFunction = new NodeFunction(this, 'Function', {
      stage,
      network: stores.network,
      name: 'dead-letters',
      description: 'Lists, shows, replays, discards and admits dead letters',
      entry: 'functions/operations/dead-letters/handler.ts',
      environment,
      permissions: permissions(props),
      timeoutSeconds,
    });
    this.nodeFunction.mayReach('Database', database.securityGroup, databasePort);
    this.nodeFunction.mayReach('Domain', domain.securityGroup, 443);
    this.rule('GivenUp', 'A mapping gave up a batch: each of its records becomes a dead letter', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [deadLetters.bucketName] }, object: { key: [{ prefix: mappingPrefix }] } },
      },
      request: { action: 'admit', objectKey: events.EventField.fromPath('$.detail.object.key') },
    });
    this.rule('Sweep', 'Admits batches whose event was lost, as while the database was down', {
      schedule: events.Schedule.rate(every),
      request: { action: 'sweep' },
    });
    this.rule('Replay', 'Replays what mappings gave up, while the stores are healthy', {
      schedule: events.Schedule.rate(every),
      request: scheduledReplay,
    });
  }

  private rule(
    id: string,
    description: string,
    { request, ...when }: events.RuleProps & { readonly request: Readonly<Record<string, unknown>> },
  ): void {
    const rule = new events.Rule(this, id, { description, ...when });
    rule.addTarget(
      new targets.LambdaFunction(this.nodeFunction.function, { event: events.RuleTargetInput.fromObject(request) }),
    );
  }
}

function permissions({ stage, stores, groups }: DeadLetterOperationsProps): readonly Grant[] {
  const { deadLetters, database, domain } = stores;
  return [
    [['lambda:InvokeFunction'], groups.map(({ nodeFunction }) => nodeFunction.function.functionArn)],
    [
      ['s3:GetObject'],
      [deadLetters.arnForObjects(`${deadLetterPrefix}*`), deadLetters.arnForObjects(`${mappingPrefix}*`)],
    ],
    // Without it a missing object is answered as one that may not be read.
    [['s3:ListBucket'], [deadLetters.bucketArn]],
    ...databaseGrants(stage, database),
    [['es:ESHttpGet'], [`${domain.domainArn}/_cluster/health`]],
  ];
}
