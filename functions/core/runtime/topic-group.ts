import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { announcingGroups } from '../../../lib/catalogue.ts';
import { everyProjection, groupProjections } from '../../projections.ts';
import { s3DeadLetters } from '../dead-letter/s3-dead-letters.ts';
import { readEnvironment, topicGroupEnvironment } from '../environment.ts';
import { postgresLedger } from '../ledger/postgres-ledger.ts';
import { pipeline } from '../middleware/pipeline.ts';
import { metricEmitter } from '../observability/emit.ts';
import { openSearchIndex } from '../search/opensearch-index.ts';
import { databasePool } from './database.ts';
import { searchClient } from './search-client.ts';
import { readPepper } from './secrets.ts';
import { relayWaker } from './wake-relay.ts';

/** A topic group's function on its real stores, as its environment says. */
export function topicGroupHandler() {
  const environment = readEnvironment(topicGroupEnvironment);
  const projections = groupProjections[environment.TOPIC_GROUP] ?? [];
  const authority = {
    objectType: 'Agent',
    account: { homePage: environment.AUTHORITY_HOME_PAGE, name: environment.AUTHORITY_NAME },
  } as const;
  const logger = new Logger({
    serviceName: environment.TOPIC_GROUP,
    // The function lets debug lines through, for the invocations that are sampled.
    logLevel: 'INFO',
    sampleRateValue: Number(environment.DEBUG_SAMPLE_RATE),
  });
  const lambda = new LambdaClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000 },
  });
  return pipeline({
    group: environment.TOPIC_GROUP,
    authority,
    projections,
    logger,
    emitter: metricEmitter(environment.STAGE, environment.TOPIC_GROUP),
    traceHeaders: environment.TRACE_HEADERS === 'on',
    ...(announcingGroups.includes(environment.TOPIC_GROUP)
      ? { announced: relayWaker(lambda, environment.STAGE, logger) }
      : {}),
    stores: async () => ({
      ledger: postgresLedger({
        pool: databasePool(environment),
        pepper: await readPepper(environment.AGENT_KEY_SECRET_ARN),
        authority,
        projections,
        derived: everyProjection,
      }),
      index: openSearchIndex(searchClient(environment)),
      deadLetters: s3DeadLetters(
        new S3Client({ requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 } }),
        environment.DEAD_LETTER_BUCKET,
      ),
    }),
  });
}
