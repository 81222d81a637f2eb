import type { Logger } from '@aws-lambda-powertools/logger';
import { InvocationType, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type pg from 'pg';
import { exportName, functionName } from '../../lib/catalogue.ts';
import { s3ExportFiles } from './files.ts';
import type { ExportServices } from './service.ts';

interface ExportAccess {
  readonly STAGE: string;
  readonly EXPORT_BUCKET: string;
}

/** Exports as the API's function asks for them and reads them. */
export function exportServices(environment: ExportAccess, pool: pg.Pool, logger: Logger): ExportServices {
  const lambda = new LambdaClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000 },
  });
  return {
    pool,
    files: s3ExportFiles(new S3Client({}), environment.EXPORT_BUCKET),
    async invokeWorker(id) {
      try {
        await lambda.send(
          new InvokeCommand({
            FunctionName: functionName(environment.STAGE, exportName),
            InvocationType: InvocationType.Event,
            Payload: JSON.stringify({ id }),
          }),
        );
      } catch (error) {
        logger.warn('export worker not told', { reason: error instanceof Error ? error.name : 'unknown' });
      }
    },
  };
}
