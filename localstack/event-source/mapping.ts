import { z } from 'zod';

/** A deployed event source mapping, with AWS's defaults and limits applied. */
export interface Mapping {
  readonly uuid: string;
  readonly functionArn: string;
  readonly eventSourceArn: string;
  readonly topics: readonly string[];
  readonly consumerGroupId: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly startingPosition: StartingPosition;
  readonly reportBatchItemFailures: boolean;
  readonly bisectOnFunctionError: boolean;
  /** Retries after the first attempt; Infinity for no limit. */
  readonly maximumRetryAttempts: number;
  /** Infinity for no limit. */
  readonly maximumRecordAgeMs: number;
  /** Infinity for no limit but the number of partitions. */
  readonly maximumPollers: number;
  /** The bucket of the on-failure destination. */
  readonly destinationBucket: string | null;
  /** Groups of metrics that it asks for: `EventCount`, `ErrorCount`, `KafkaMetrics`. */
  readonly metrics: readonly string[];
  readonly provisioned: boolean;
}

export type StartingPosition =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'timestamp'; readonly timestamp: number };

export type MappingReading =
  | { readonly kind: 'active'; readonly mapping: Mapping }
  /** Disabled, being deleted, or not of a Kafka cluster. */
  | { readonly kind: 'inactive' }
  /** What this event source cannot do as AWS would; it must not do something else instead. */
  | { readonly kind: 'refused'; readonly uuid: string; readonly reason: string };

/** AWS caps infinite retries at this when the mapping has an on-failure destination. */
export const retriesWithDestination = 10;
/** AWS's window where the mapping states none. */
export const defaultWindowMs = 500;

const limit = z.int().min(-1).nullish();

const configuration = z.object({
  UUID: z.string().min(1),
  FunctionArn: z.string().min(1),
  EventSourceArn: z.string().min(1),
  State: z.string().optional(),
  Topics: z.array(z.string().min(1)).min(1),
  BatchSize: z.int().min(1).default(100),
  MaximumBatchingWindowInSeconds: z.int().min(0).max(300).nullish(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']).default('TRIM_HORIZON'),
  StartingPositionTimestamp: z.date().nullish(),
  FunctionResponseTypes: z.array(z.string()).nullish(),
  BisectBatchOnFunctionError: z.boolean().nullish(),
  MaximumRetryAttempts: limit,
  MaximumRecordAgeInSeconds: limit,
  AmazonManagedKafkaEventSourceConfig: z.object({ ConsumerGroupId: z.string().min(1).nullish() }).nullish(),
  ProvisionedPollerConfig: z.object({ MaximumPollers: z.int().min(1).nullish() }).nullish(),
  MetricsConfig: z.object({ Metrics: z.array(z.string()).nullish() }).nullish(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string().nullish() }).nullish() }).nullish(),
});

const envelope = z.object({
  UUID: z.string().default('unknown'),
  EventSourceArn: z.string().default(''),
  State: z.string().default('Enabled'),
  FilterCriteria: z.object({ Filters: z.array(z.unknown()).nullish() }).nullish(),
});

const stopped: ReadonlySet<string> = new Set(['Disabled', 'Disabling', 'Deleting']);

/**
 * Reads one entry of ListEventSourceMappings.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
 */
export function readMapping(entry: unknown): MappingReading {
  const outer = envelope.safeParse(entry);
  if (!outer.success || !outer.data.EventSourceArn.includes(':kafka:') || stopped.has(outer.data.State)) {
    return { kind: 'inactive' };
  }
  const uuid = outer.data.UUID;
  if ((outer.data.FilterCriteria?.Filters ?? []).length > 0) {
    return { kind: 'refused', uuid, reason: 'FilterCriteria is not supported' };
  }
  const parsed = configuration.safeParse(entry);
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path, code }) => `${path.join('.')} (${code})`).join(', ');
    return { kind: 'refused', uuid, reason: `not readable: ${where}` };
  }
  const data = parsed.data;
  const bucket = bucketOf(data.DestinationConfig?.OnFailure?.Destination ?? '');
  if (bucket === undefined) {
    return { kind: 'refused', uuid, reason: 'only an S3 bucket is supported as on-failure destination' };
  }
  const pollers = data.ProvisionedPollerConfig;
  const maximumPollers = pollers?.MaximumPollers ?? Number.POSITIVE_INFINITY;
  const retries = unlimited(data.MaximumRetryAttempts);
  return {
    kind: 'active',
    mapping: {
      uuid: data.UUID,
      functionArn: data.FunctionArn,
      eventSourceArn: data.EventSourceArn,
      topics: data.Topics,
      consumerGroupId: data.AmazonManagedKafkaEventSourceConfig?.ConsumerGroupId ?? data.UUID,
      batchSize: Math.min(10_000, data.BatchSize),
      windowMs:
        data.MaximumBatchingWindowInSeconds == null ? defaultWindowMs : data.MaximumBatchingWindowInSeconds * 1000,
      startingPosition: startingPosition(data.StartingPosition, data.StartingPositionTimestamp),
      reportBatchItemFailures: (data.FunctionResponseTypes ?? []).includes('ReportBatchItemFailures'),
      bisectOnFunctionError: data.BisectBatchOnFunctionError ?? false,
      maximumRetryAttempts: bucket !== null && retries === Number.POSITIVE_INFINITY ? retriesWithDestination : retries,
      maximumRecordAgeMs: unlimited(data.MaximumRecordAgeInSeconds) * 1000,
      maximumPollers,
      destinationBucket: bucket,
      metrics: data.MetricsConfig?.Metrics ?? [],
      provisioned: pollers != null,
    },
  };
}

/**
 * How many pollers a mapping gets here: as many as AWS would scale up to, since nothing here scales; more than
 * there are partitions would be idle.
 */
export function pollerCount(mapping: Mapping, partitions: number): number {
  return Math.max(1, Math.min(partitions, mapping.maximumPollers));
}

function unlimited(value: number | null | undefined): number {
  return value == null || value < 0 ? Number.POSITIVE_INFINITY : value;
}

function bucketOf(destination: string): string | null | undefined {
  if (destination === '') {
    return null;
  }
  return /^arn:aws[a-z-]*:s3:::([^/]+)$/.exec(destination)?.[1];
}

function startingPosition(position: string, timestamp: Date | null | undefined): StartingPosition {
  if (position === 'AT_TIMESTAMP' && timestamp != null) {
    return { kind: 'timestamp', timestamp: timestamp.getTime() };
  }
  return position === 'LATEST' ? { kind: 'latest' } : { kind: 'earliest' };
}
