import { errors } from '@opensearch-project/opensearch';
import { z } from 'zod';
import { ConfigurationError, TransientError } from '../errors.ts';

/** Errors of the engine by what can be done: 401, 403, 404 and 400 need people, the rest passes. */
export async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof errors.OpenSearchClientError)) throw error;
    const status = statusOf(error);
    if (status === undefined || status === 429 || status >= 500 || typeOf(error) === 'cluster_block_exception') {
      throw new TransientError(`The index cannot work now (${typeOf(error) ?? error.name})`);
    }
    throw new ConfigurationError(`The index answered ${typeOf(error) ?? status}`);
  }
}

/** HTTP status of an error that the engine answered with, or undefined where it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof errors.ResponseError ? (error.statusCode ?? undefined) : undefined;
}

const errorBody = z.object({ error: z.object({ type: z.string() }) });

/** The engine's name for an error, or undefined. */
export function typeOf(error: unknown): string | undefined {
  return error instanceof errors.ResponseError ? errorBody.safeParse(error.body).data?.error.type : undefined;
}
