import type { Logger } from '@aws-lambda-powertools/logger';
import { InvocationType, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { functionName, relayName } from '../../../lib/catalogue.ts';

/**
 * Tells the relay that announcements wait, without waiting for what it does. The batch is done whether or not this
 * succeeds: what the relay is not told of goes with its schedule.
 * @param client one that does not retry.
 */
export function relayWaker(client: LambdaClient, stage: string, logger: Logger): () => Promise<void> {
  return async () => {
    try {
      await client.send(
        new InvokeCommand({ FunctionName: functionName(stage, relayName), InvocationType: InvocationType.Event }),
      );
    } catch (error) {
      logger.warn('relay not told', { reason: error instanceof Error ? error.name : 'unknown' });
    }
  };
}
