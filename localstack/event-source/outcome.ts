import { z } from 'zod';
import type { SourceRecord } from './event-json.ts';

/** What is known of the function's answer; part of the envelope of a discarded batch. */
export interface ResponseContext {
  readonly statusCode: number;
  readonly executedVersion: string;
  readonly functionError: string | null;
}

/** How an invocation ended. */
export type InvocationResult =
  | {
      readonly kind: 'returned';
      readonly requestId: string;
      readonly payload: string;
      readonly response: ResponseContext;
    }
  | { readonly kind: 'function-error'; readonly requestId: string; readonly response: ResponseContext }
  /** The function was not run, or it is not known whether it was: throttled, service error, unreachable. */
  | { readonly kind: 'not-invoked'; readonly reason: string }
  | { readonly kind: 'too-large' };

/** What an invocation's end means for the records that it was given. */
export type Verdict =
  | { readonly kind: 'done' }
  /** Only these come again; every other record of the batch is done. */
  | { readonly kind: 'retry-records'; readonly records: readonly SourceRecord[] }
  | { readonly kind: 'retry-whole'; readonly reason: string }
  /** Halve and try each half by itself. */
  | { readonly kind: 'bisect'; readonly reason: string }
  /** The same again; no attempt is spent. */
  | { readonly kind: 'again'; readonly reason: string }
  | { readonly kind: 'too-large' };

export interface OutcomeSettings {
  readonly reportBatchItemFailures: boolean;
  readonly bisectOnFunctionError: boolean;
}

const batchResponse = z
  .object({
    batchItemFailures: z
      .array(z.object({ itemIdentifier: z.object({ partition: z.string().min(1), offset: z.int().min(0) }) }))
      .nullish(),
  })
  .nullable();

/**
 * Says what an invocation's end means.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export function interpret(
  result: InvocationResult,
  records: readonly SourceRecord[],
  settings: OutcomeSettings,
): Verdict {
  switch (result.kind) {
    case 'returned':
      return settings.reportBatchItemFailures ? readResponse(result.payload, records) : { kind: 'done' };
    case 'function-error': {
      const reason = `function error ${result.response.functionError ?? 'Unhandled'}`;
      return settings.bisectOnFunctionError && records.length > 1
        ? { kind: 'bisect', reason }
        : { kind: 'retry-whole', reason };
    }
    case 'not-invoked':
      return { kind: 'again', reason: result.reason };
    case 'too-large':
      return records.length > 1 ? { kind: 'bisect', reason: 'request too large' } : { kind: 'too-large' };
  }
}

function readResponse(payload: string, records: readonly SourceRecord[]): Verdict {
  const response = batchResponse.safeParse(parseJson(payload));
  if (!response.success) {
    return { kind: 'retry-whole', reason: 'malformed batch response' };
  }
  const failures = response.data?.batchItemFailures ?? [];
  if (failures.length === 0) {
    return { kind: 'done' };
  }
  const listed = new Set(failures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`));
  const again = records.filter(({ source, offset }) => listed.has(`${source}@${offset}`));
  if (again.length < listed.size) {
    return { kind: 'retry-whole', reason: 'batch item failure that is not in the batch' };
  }
  return { kind: 'retry-records', records: again };
}

/** An empty answer counts as null, as an answer of null does. */
function parseJson(payload: string): unknown {
  if (payload.trim() === '') {
    return null;
  }
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
