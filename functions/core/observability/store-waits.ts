import type { Logger } from '@aws-lambda-powertools/logger';
import type { Emitter } from './emit.ts';
import type { StoreName } from './metric-catalogue.ts';

/** A store that is down is told of so often, at most. Milliseconds. */
const everyMillis = 10_000;

/**
 * Tells, in the log and as a metric, that a batch waits for a store: while it waits, since a batch may wait for minutes.
 * @param now milliseconds of a clock that does not go back.
 */
export function storeWaits(
  emitter: Emitter,
  logger: Logger,
  now: () => number = () => performance.now(),
): (store: StoreName) => void {
  const told = new Map<StoreName, number>();
  return (store) => {
    const last = told.get(store);
    if (last !== undefined && now() - last < everyMillis) return;
    told.set(store, now());
    logger.warn('store is down', { store });
    emitter.of('store', store, { storeWaits: 1 });
  };
}
