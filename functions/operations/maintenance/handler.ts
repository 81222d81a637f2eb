import { Logger } from '@aws-lambda-powertools/logger';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { maintenanceEnvironment, readEnvironment } from '../../core/environment.ts';
import { metricEmitter } from '../../core/observability/emit.ts';
import { databasePool } from '../../core/runtime/database.ts';
import { clusterConnection } from '../../core/runtime/kafka-client.ts';
import { searchClient } from '../../core/runtime/search-client.ts';
import { readPepper } from '../../core/runtime/secrets.ts';
import { openSearchAdmin } from '../../core/search/index-admin.ts';
import { openSearchIndex } from '../../core/search/opensearch-index.ts';
import { s3ExportFiles } from '../../exports/files.ts';
import { everyProjection } from '../../projections.ts';
import type { MaintenanceAnswer } from './answer.ts';
import { answerMetrics } from './answer-metrics.ts';
import { s3LetterObjects } from './letter-objects.ts';
import { type MaintenanceContext, operate } from './operations.ts';
import { requestSchema } from './request.ts';

const environment = readEnvironment(maintenanceEnvironment);
const logger = new Logger({ serviceName: 'maintenance' });
const publish = answerMetrics((service) => metricEmitter(environment.STAGE, service));
/** Time kept for a page that was begun. */
const reserveMillis = 60_000;
let opened: Omit<MaintenanceContext['stores'], 'hasTime'> | null = null;

/** Reconciles, rebuilds, erases. @throws Error naming the members of a request that is none. */
export async function handler(event: unknown, context: Context): Promise<MaintenanceAnswer> {
  const request = requestSchema.safeParse(event);
  if (!request.success) throw new Error(`Not a request to maintenance:\n${z.prettifyError(request.error)}`);
  opened ??= await open();
  const answer = await operate(request.data, {
    stores: { ...opened, hasTime: () => context.getRemainingTimeInMillis() > reserveMillis },
    stage: environment.STAGE,
    connection: clusterConnection(environment),
  });
  // Counts only: whom an erasure was about is not logged. Of what only reads, that it was asked.
  const isReading = answer.action === 'lag' || answer.action === 'inspect';
  logger.info('maintenance', isReading ? { action: answer.action } : { ...answer });
  publish(answer);
  return answer;
}

async function open() {
  // Some of its statements read the whole ledger.
  const pool = databasePool(environment, { queryMillis: 300_000 });
  const search = searchClient(environment, { requestTimeout: 60_000 });
  const s3 = new S3Client({ requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 } });
  return {
    pool,
    index: openSearchIndex(search),
    admin: openSearchAdmin(search, { replicas: Number(environment.OPENSEARCH_REPLICAS) }),
    letters: s3LetterObjects(s3, environment.DEAD_LETTER_BUCKET),
    exports: s3ExportFiles(s3, environment.EXPORT_BUCKET),
    pepper: await readPepper(environment.AGENT_KEY_SECRET_ARN),
    authority: {
      objectType: 'Agent',
      account: { homePage: environment.AUTHORITY_HOME_PAGE, name: environment.AUTHORITY_NAME },
    } as const,
    projections: everyProjection,
    longestFunctionMillis: Number(environment.TOPIC_GROUP_TIMEOUT) * 1_000,
  };
}
