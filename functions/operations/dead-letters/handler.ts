import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { deadLettersEnvironment, readEnvironment } from '../../core/environment.ts';
import { trialLedger } from '../../core/ledger/trial-ledger.ts';
import { metricEmitter } from '../../core/observability/emit.ts';
import { databasePool } from '../../core/runtime/database.ts';
import { searchClient } from '../../core/runtime/search-client.ts';
import type { DeadLetterAnswer } from './answer.ts';
import { postgresDeadLetters } from './dead-letter-table.ts';
import { lambdaGroupFunctions } from './group-functions.ts';
import { storesHealthy } from './health.ts';
import { operate } from './operations.ts';
import { s3Originals } from './originals.ts';
import { requestSchema } from './request.ts';

const environment = readEnvironment(deadLettersEnvironment);
const logger = new Logger({ serviceName: 'dead-letters' });
const emitter = metricEmitter(environment.STAGE, 'dead-letters');
const pool = databasePool(environment);
const search = searchClient(environment);
const s3 = new S3Client({ requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 } });
/** Longest time that an invocation of a group's function may take, with its way there and back. */
const invocationMillis = Number(environment.TOPIC_GROUP_TIMEOUT) * 1_000 + 10_000;
/** Time for what follows an invocation: reading the tables. */
const reserveMillis = 30_000;
const lambda = new LambdaClient({
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: invocationMillis },
});

/** Lists, shows, replays, discards and admits dead letters. @throws Error naming the members of a request that is none. */
export async function handler(event: unknown, context: Context): Promise<DeadLetterAnswer> {
  const request = requestSchema.safeParse(event);
  if (!request.success) throw new Error(`Not a request about dead letters:\n${z.prettifyError(request.error)}`);
  const answer = await operate(request.data, {
    table: postgresDeadLetters(pool),
    originals: s3Originals(s3, environment.DEAD_LETTER_BUCKET),
    functions: lambdaGroupFunctions(lambda, environment.STAGE),
    trial: () => trialLedger(pool),
    authority: {
      objectType: 'Agent',
      account: { homePage: environment.AUTHORITY_HOME_PAGE, name: environment.AUTHORITY_NAME },
    },
    healthy: () => storesHealthy(pool, search),
    hasTime: () => context.getRemainingTimeInMillis() > invocationMillis + reserveMillis,
    bucket: environment.DEAD_LETTER_BUCKET,
  });
  logger.info('dead letters', summaryOf(answer));
  if (answer.action === 'admit' || answer.action === 'sweep') emitAdmitted(answer.admitted);
  return answer;
}

/** Records that a mapping gave up: each is a dead letter, and was wrong for as long as it waits. */
function emitAdmitted(admitted: number): void {
  if (admitted === 0) return;
  emitter.service({ deadLetters: admitted, incorrect: admitted });
  emitter.of('class', 'exhausted', { deadLettersByClass: admitted });
}

/** Counts only: what a dead letter holds is for whoever asked. */
function summaryOf(answer: DeadLetterAnswer): Record<string, unknown> {
  switch (answer.action) {
    case 'list':
      return { action: answer.action, rows: answer.rows.length };
    case 'show':
      return { action: answer.action, letters: answer.letters.length };
    default:
      return { ...answer };
  }
}
