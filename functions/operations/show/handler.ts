import { Logger } from '@aws-lambda-powertools/logger';
import { z } from 'zod';
import { readEnvironment, showEnvironment } from '../../core/environment.ts';
import { databasePool } from '../../core/runtime/database.ts';
import type { ShowAnswer } from './answer.ts';
import { requestSchema } from './request.ts';
import { show } from './show.ts';

const environment = readEnvironment(showEnvironment);
const logger = new Logger({ serviceName: 'show' });
const pool = databasePool(environment);

/** Shows operators the state of an entity; changes nothing. @throws Error naming the members of a request that is none. */
export async function handler(event: unknown): Promise<ShowAnswer> {
  const request = requestSchema.safeParse(event);
  if (!request.success) throw new Error(`Not a request to show an entity:\n${z.prettifyError(request.error)}`);
  const answer = await show(request.data, pool);
  logger.info('show', { kind: answer.kind, outcome: answer.outcome });
  return answer;
}
