import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { readEnvironment, relayEnvironment } from '../../core/environment.ts';
import { metricEmitter } from '../../core/observability/emit.ts';
import { databasePool } from '../../core/runtime/database.ts';
import { clusterConnection } from '../../core/runtime/kafka-client.ts';
import { postgresOutbox } from './outbox.ts';
import { kafkaPublisher } from './publisher.ts';
import { type RelayResult, relay } from './relay.ts';

const environment = readEnvironment(relayEnvironment);
const logger = new Logger({ serviceName: 'relay' });
const emitter = metricEmitter(environment.STAGE, 'relay');
const outbox = postgresOutbox(databasePool(environment));
const publisher = kafkaPublisher(clusterConnection(environment));

/** Time that a round may need: the producer's tries, and the database before and after. */
const roundMillis = 75_000;

/** Publishes waiting announcements: asked by the training function after a batch, and by the schedule. */
export async function handler(_event: unknown, context: Context): Promise<RelayResult> {
  const result = await relay(outbox, publisher.publish, () => context.getRemainingTimeInMillis() > roundMillis);
  logger.info('relay', { ...result });
  emitter.service({ announced: result.published });
  return result;
}
