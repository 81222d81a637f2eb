import { Logger } from '@aws-lambda-powertools/logger';
import { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { exportEnvironment, readEnvironment } from '../core/environment.ts';
import { databasePool } from '../core/runtime/database.ts';
import { searchClient } from '../core/runtime/search-client.ts';
import { exportContent } from './content.ts';
import { s3ExportFiles } from './files.ts';
import { runExport, type WorkerOutcome } from './worker.ts';

const environment = readEnvironment(exportEnvironment);
const logger = new Logger({ serviceName: 'export' });
/** A page of statements or groups may take long on a large ledger; nobody waits for it. */
const storeMillis = 120_000;
const jobs = databasePool(environment);
const pool = databasePool(environment, { queryMillis: storeMillis });
const search = searchClient(environment, { requestTimeout: storeMillis });
const files = s3ExportFiles(new S3Client({}), environment.EXPORT_BUCKET);

const request = z.strictObject({ id: z.guid() });

/** Makes the file of an export job. @throws so that Lambda invokes again, as long as there are attempts */
export async function handler(event: unknown): Promise<WorkerOutcome> {
  const { id } = request.parse(event);
  const started = performance.now();
  const content = (attempt: Parameters<typeof exportContent>[1]) =>
    exportContent({ pool, search, now: () => new Date() }, attempt);
  try {
    const outcome = await runExport(id, { pool: jobs, files, content });
    logger.info('export', { job: id, ...outcome, millis: Math.round(performance.now() - started) });
    return outcome;
  } catch (error) {
    logger.error('export failed', { job: id, reason: error instanceof Error ? error.name : 'unknown' });
    throw error;
  }
}
