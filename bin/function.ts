import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { functionName } from '../lib/catalogue.ts';
import { localAws } from '../localstack/deploy.ts';

export interface FunctionOptions {
  readonly stage: string;
  /** Short name, as in `nlj-events-<stage>-<name>`. */
  readonly name: string;
  /** Of the local environment; without it AWS, with the environment's credentials and region. */
  readonly endpoint: string | undefined;
}

/** A deployed function as a command calls it. */
export interface OpenFunction {
  /** @throws Error with what the function says is wrong. */
  invoke(request: unknown): Promise<unknown>;
  close(): void;
}

/** Lambda's longest invocation, and some more. */
const longestMillis = 910_000;

const failure = z.object({ errorMessage: z.string() });

export function openFunction({ stage, name, endpoint }: FunctionOptions): OpenFunction {
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
