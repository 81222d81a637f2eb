/** A message on its way into Kafka. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: Buffer | null;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** By the key's hash where absent. */
  readonly partition?: number;
}
