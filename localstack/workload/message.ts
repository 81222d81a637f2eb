/** A message on its way into Kafka. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: Buffer | null;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
  /** In order; a name may repeat. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  /** By the key's hash where absent. */
  readonly partition?: number;
}
