import type { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { chunkLimits } from '../batch/chunk.ts';
import { type BatchResult, processBatch, type Stores } from '../batch/process-batch.ts';
import type { KafkaBatchResponse, KafkaEvent } from '../kafka/event.ts';
import type { Projection } from '../ledger/projection.ts';
import type { Authority } from '../xapi/index.ts';
import { decode } from './decode.ts';
import { upcast } from './upcast.ts';
import { type ValidatedEvent, validate } from './validate.ts';

export interface PipelineOptions {
  /** Topic group, as in the catalogue. */
  readonly group: string;
  readonly authority: Authority;
  /** The group's projections: their rules refuse statements before the ledger sees them. */
  readonly projections: readonly Projection[];
  readonly logger: Logger;
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
  const { group, authority, projections, logger } = options;
  let opened: Stores | null = null;
  return middy<ValidatedEvent, KafkaBatchResponse>()
    .use(decode())
    .use(upcast())
    .use(validate({ authority }))
    .handler(async (event, context) => {
      opened ??= await options.stores();
      const started = performance.now();
      const result = await processBatch(event.validated, opened, {
        group,
        projections,
        remainingMillis: () => context.getRemainingTimeInMillis(),
        ...chunkLimits,
        reserveMillis,
        deadLetterConcurrency: 8,
      });
      if (result.counts.announced > 0) await options.announced?.();
      logBatch(logger, event, context, result, performance.now() - started);
      return result.response;
    });
}

/** One line per batch: counts, rules and offset ranges, nothing of what a record holds. */
function logBatch(logger: Logger, event: KafkaEvent, context: Context, { counts }: BatchResult, millis: number): void {
  const level = counts.retried > 0 ? 'warn' : 'info';
  logger[level]('batch', {
    requestId: context.awsRequestId,
    offsets: Object.fromEntries(
      Object.entries(event.records).map(([partition, records]) => [
        partition,
        `${records[0]?.offset}-${records.at(-1)?.offset}`,
      ]),
    ),
    millis: Math.round(millis),
    ...counts,
  });
}
