import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { functionName } from '../lib/catalogue.ts';
import { localAws } from '../localstack/deploy.ts';

/** Lambda's longest invocation, and some more. */
const longestMillis = 910_000;

const failure = z.object({ errorMessage: z.string() });

/** Invokes a deployed function and returns its answer. @throws Error with what the function says is wrong. */
export type Invoke = (request: unknown) => Promise<unknown>;

/**
 * @param name short name of the function
 * @param endpoint of the local environment; without it AWS, with the environment's credentials and region.
 */
export function openInvoke(
  stage: string,
  name: string,
  endpoint: string | undefined,
): { readonly invoke: Invoke; close(): void } {
  const client = new LambdaClient({
    ...(endpoint === undefined ? {} : { endpoint, ...localAws }),
    // A second invocation could do the work twice at once.
    maxAttempts: 1,
    requestHandler: { requestTimeout: longestMillis },
  });
  return {
    async invoke(request) {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName: functionName(stage, name), Payload: JSON.stringify(request) }),
      );
      const answer: unknown = JSON.parse(Buffer.from(Payload ?? '').toString() || 'null');
      if (FunctionError !== undefined) throw new Error(failure.safeParse(answer).data?.errorMessage ?? FunctionError);
      return answer;
    },
    close: () => client.destroy(),
  };
}
