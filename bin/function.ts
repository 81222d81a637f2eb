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

/** Asks a function whose requests and answers say by `action` which of them they are. */
export interface Asking<Request extends Acting, Answer extends Acting> {
  /** @throws Error with what the function says is wrong. */
  ask<Action extends Request['action']>(
    request: Request & { readonly action: Action },
  ): Promise<Extract<Answer, { readonly action: Action }>>;
  close(): void;
}

interface Acting {
  readonly action: string;
}

/** @param answers the schema of whatever the function answers. */
export function openAsking<Request extends Acting, Answer extends Acting>(
  options: FunctionOptions,
  answers: z.ZodType<Answer>,
): Asking<Request, Answer> {
  const { invoke, close } = openFunction(options);
  return {
    async ask(request) {
      const answer = answers.parse(await invoke(request));
      if (isAnswerTo(request.action, answer)) return answer;
      throw new Error(`The function answered to ${answer.action}: is this the release that is deployed?`);
    },
    close,
  };
}

/** Whether an answer is to what was asked. */
export function isAnswerTo<Answer extends Acting, Action extends string>(
  action: Action,
  answer: Answer,
): answer is Extract<Answer, { readonly action: Action }> {
  return answer.action === action;
}
