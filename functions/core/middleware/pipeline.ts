import type { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { chunkLimits } from '../batch/chunk.ts';
import { type BatchResult, processBatch, type Stores } from '../batch/process-batch.ts';
import { type KafkaBatchResponse, type KafkaEvent, replayBroker } from '../kafka/event.ts';
import type { Projection } from '../ledger/projection.ts';
import { emitBatch } from '../observability/batch-metrics.ts';
import type { Emitter } from '../observability/emit.ts';
import { storeWaits } from '../observability/store-waits.ts';
import { traceIdsOf } from '../observability/traces.ts';
import type { Authority } from '../xapi/index.ts';
import { decode } from './decode.ts';
import { timed } from './timed.ts';
import { upcast } from './upcast.ts';
import { type ValidatedEvent, validate } from './validate.ts';

export interface PipelineOptions {
  /** Topic group, as in the catalogue. */
  readonly group: string;
  readonly authority: Authority;
  /** The group's projections: their rules refuse statements before the ledger sees them. */
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly emitter: Emitter;
  /** Log the trace ids of records that bring W3C `traceparent` headers. */
  readonly traceHeaders: boolean;
  /** Opens the stores; called at the first batch, and again until it succeeds. */
  readonly stores: () => Promise<Stores>;
  /** Called after a batch that announced something, once it is written; must not throw. */
  readonly announced?: () => Promise<void>;
}

/** Time that what was begun may still need, a few timeouts of the stores; nearer to the function's limit nothing is begun. */
const reserveMillis = 30_000;

/**
 * The handler of a topic group's function: decode → upcast → validate → write. Composed once, here, for every group; a
 * group brings its name and its stores.
 */
export function pipeline(options: PipelineOptions) {
  const { group, authority, projections, logger, emitter } = options;
  const waiting = storeWaits(emitter, logger);
  let opened: Stores | null = null;
  return middy<ValidatedEvent, KafkaBatchResponse>()
    .use(timed('decode', decode()))
    .use(timed('upcast', upcast()))
    .use(timed('validate', validate({ authority })))
    .handler(async (event, context) => {
      logger.refreshSampleRateCalculation();
      opened ??= await options.stores();
      const result = await processBatch(event.validated, opened, {
        group,
        projections,
        remainingMillis: () => context.getRemainingTimeInMillis(),
        ...chunkLimits,
        reserveMillis,
        waiting,
        deadLetterConcurrency: 8,
      });
      if (result.counts.announced > 0) await options.announced?.();
      logBatch(options, event, context, result);
      emitBatch(emitter, {
        counts: result.counts,
        steps: event.millis ?? {},
        replayed: event.bootstrapServers === replayBroker,
      });
      return result.response;
    });
}

/**
 * One line per batch: counts, rules, milliseconds and offset ranges, nothing of what a record holds. The request id names
 * the batch. In sampled invocations also a debug line for each record that was rejected.
 */
function logBatch(
  { logger, traceHeaders }: PipelineOptions,
  event: ValidatedEvent,
  context: Context,
  { counts: { steps, ...counts } }: BatchResult,
): void {
  const level = counts.retried > 0 ? 'warn' : 'info';
  const millis = { ...event.millis, ...steps };
  logger[level]('batch', {
    requestId: context.awsRequestId,
    offsets: offsetRanges(event),
    ...(traceHeaders ? { traces: traceIdsOf(event.validated.map(({ record }) => record)) } : {}),
    millis: Object.fromEntries(Object.entries(millis).map(([step, value]) => [step, Math.round(value)])),
    ...counts,
  });
  for (const entry of event.validated) {
    if (entry.kind !== 'rejected') continue;
    const { topic, partition, offset } = entry.record;
    logger.debug('rejected', {
      requestId: context.awsRequestId,
      record: `${topic}/${partition}/${offset}`,
      class: entry.rejection.class,
      rules: entry.rejection.errors.map(({ rule }) => rule),
    });
  }
}

function offsetRanges({ records }: KafkaEvent): Record<string, string> {
  return Object.fromEntries(
    Object.entries(records).map(([partition, list]) => [partition, `${list[0]?.offset}-${list.at(-1)?.offset}`]),
  );
}
