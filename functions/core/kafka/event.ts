/**
 * The event that Lambda's managed Kafka source sends, as it really is: keys and values may be null, a header name
 * may repeat. The published `@types/aws-lambda` types have no null key or value.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 */
export interface KafkaEvent {
  readonly eventSource: string;
  readonly eventSourceArn: string;
  readonly bootstrapServers: string;
  /** Records by `<topic>-<partition>`; topic names may hold hyphens. */
  readonly records: Readonly<Record<string, readonly KafkaEventRecord[]>>;
}

export interface KafkaEventRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly timestampType: string;
  /** Base64, or null or absent where the record has no key. */
  readonly key?: string | null;
  /** Base64, or null or absent for a tombstone. */
  readonly value?: string | null;
  /** Each entry has one name and the header's bytes as signed or unsigned bytes as numbers: AWS sends -128 to 127. */
  readonly headers: readonly Readonly<Record<string, readonly number[]>>[];
}

/** `bootstrapServers` of an event by which dead letters are replayed: no broker brought it. */
export const replayBroker = '';

/**
 * Partial batch response. An empty list means that the whole batch is done.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export interface KafkaBatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}
