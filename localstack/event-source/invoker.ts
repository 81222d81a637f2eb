import { InvokeCommand, type LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import type { InvocationResult } from './outcome.ts';

/** Invokes a function with an event and waits for its end. Never throws: every end is a result. */
export type Invoke = (functionArn: string, event: Buffer, signal: AbortSignal) => Promise<InvocationResult>;

/** Invokes over the Lambda API. The client must not retry by itself. */
export function createInvoke(client: LambdaClient): Invoke {
  return async (functionArn, event, signal) => {
    try {
      const command = new InvokeCommand({
        FunctionName: functionArn,
        InvocationType: 'RequestResponse',
        Payload: event,
      });
      const output = await client.send(command, { abortSignal: signal });
      const requestId = output.$metadata.requestId ?? '';
      const response = {
        statusCode: output.StatusCode ?? 200,
        executedVersion: output.ExecutedVersion ?? '$LATEST',
        functionError: output.FunctionError ?? null,
      };
      return output.FunctionError === undefined
        ? { kind: 'returned', requestId, response, payload: output.Payload?.transformToString('utf8') ?? '' }
        : { kind: 'function-error', requestId, response };
    } catch (error) {
      return resultOfError(error);
    }
  };
}

/** What an error of the Invoke call means; the function's own errors are not among these. */
export function resultOfError(error: unknown): InvocationResult {
  if (error instanceof LambdaServiceException) {
    return error.name === 'RequestTooLargeException' || error.$metadata.httpStatusCode === 413
      ? { kind: 'too-large' }
      : { kind: 'not-invoked', reason: error.name };
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { kind: 'not-invoked', reason: code ?? (error instanceof Error ? error.name : 'unknown') };
}
