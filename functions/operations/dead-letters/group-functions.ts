import { InvokeCommand, type LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { functionName } from '../../../lib/catalogue.ts';
import { ConfigurationError } from '../../core/errors.ts';
import type { KafkaEvent } from '../../core/kafka/event.ts';

/** The topic groups' functions. One adapter: `lambdaGroupFunctions`. */
export interface GroupFunctions {
  /**
   * Hands an event to a group's function and returns the places (`placeOf`) that it reports to come again, or null where it did
   * not answer or failed.
   * @throws ConfigurationError if it must not be invoked or is not there.
   */
  invoke(group: string, event: KafkaEvent): Promise<ReadonlySet<string> | null>;
}

const batchResponse = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.object({ partition: z.string(), offset: z.number() }) })),
});

/** Faults that no repetition mends. */
const configurationFaults = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'InvalidRequestContentException',
]);

/** @param client one that does not retry: a second invocation would count another attempt. */
export function lambdaGroupFunctions(client: LambdaClient, stage: string): GroupFunctions {
  return {
    async invoke(group, event) {
      try {
        const { FunctionError, Payload } = await client.send(
          new InvokeCommand({ FunctionName: functionName(stage, group), Payload: JSON.stringify(event) }),
        );
        if (FunctionError !== undefined || Payload === undefined) return null;
        const { batchItemFailures } = batchResponse.parse(JSON.parse(Buffer.from(Payload).toString()));
        return new Set(batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`));
      } catch (error) {
        if (error instanceof LambdaServiceException && configurationFaults.has(error.name)) {
          throw new ConfigurationError(`The function of group ${group} could not be invoked (${error.name})`);
        }
        return null;
      }
    },
  };
}
