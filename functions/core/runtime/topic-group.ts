import { Logger } from '@aws-lambda-powertools/logger';
import { S3Client } from '@aws-sdk/client-s3';
import { s3DeadLetters } from '../dead-letter/s3-dead-letters.ts';
import { readEnvironment, topicGroupEnvironment } from '../environment.ts';
import { postgresLedger } from '../ledger/postgres-ledger.ts';
import type { Projection } from '../ledger/projection.ts';
import { pipeline } from '../middleware/pipeline.ts';
import { openSearchIndex } from '../search/opensearch-index.ts';
import { databasePool } from './database.ts';
import { searchClient } from './search-client.ts';
import { readPepper } from './secrets.ts';

/**
 * A topic group's function on its real stores, as its environment says.
 * @param projections what the group's events change besides the ledger, in this order.
 */
export function topicGroupHandler(projections: readonly Projection[]) {
  const environment = readEnvironment(topicGroupEnvironment);
  return pipeline({
    group: environment.TOPIC_GROUP,
    authority: {
      objectType: 'Agent',
      account: { homePage: environment.AUTHORITY_HOME_PAGE, name: environment.AUTHORITY_NAME },
    },
    logger: new Logger({ serviceName: environment.TOPIC_GROUP }),
    stores: async () => ({
      ledger: postgresLedger({
        pool: databasePool(environment),
        pepper: await readPepper(environment.AGENT_KEY_SECRET_ARN),
        projections,
      }),
      index: openSearchIndex(searchClient(environment)),
      deadLetters: s3DeadLetters(
        new S3Client({ requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 } }),
        environment.DEAD_LETTER_BUCKET,
      ),
    }),
  });
}
