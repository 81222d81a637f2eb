import pRetry from 'p-retry';
import { TransientError } from '../errors.ts';
import type { StoreName } from '../observability/metric-catalogue.ts';

/** The time that an invocation has, and how much of it is kept for what comes after. */
export interface TimeBudget {
  /** Milliseconds that the invocation has left. */
  readonly remainingMillis: () => number;
  /** Milliseconds kept back: nothing is begun with less time left. */
  readonly reserveMillis: number;
  /** Told of each attempt that found a store down. */
  readonly waiting?: (store: StoreName) => void;
}

/** Pauses between attempts: from the first to the longest, doubling, with jitter. Milliseconds. */
const pauses = { minTimeout: 250, maxTimeout: 5_000, factor: 2, randomize: true };

/** Whether there is time to begin something. */
export function hasTime({ remainingMillis, reserveMillis }: TimeBudget): boolean {
  return remainingMillis() > reserveMillis;
}

/**
 * Repeats work while a store is down, for as long as the invocation has time: the batch waits here, and none of the
 * mapping's attempts is spent on an outage that ends in the meantime.
 * @throws TransientError when the time is used up; whatever else the work throws, at once.
 */
export function patiently<T>(store: StoreName, work: () => Promise<T>, budget: TimeBudget): Promise<T> {
  return pRetry(work, {
    ...pauses,
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: Math.max(0, budget.remainingMillis() - budget.reserveMillis),
    onFailedAttempt: ({ error }) => {
      if (error instanceof TransientError) budget.waiting?.(store);
    },
    shouldRetry: ({ error }) => error instanceof TransientError,
  });
}
