import type { KafkaEvent, KafkaEventRecord } from './event.ts';

/** Where a record stands in Kafka. Offsets alone can repeat after a topic was made anew, so the time belongs to it. */
export interface RecordCoordinates {
  /** ARN of the cluster (the event source). */
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch, as the broker holds it. */
  readonly timestamp: number;
}

/** A record as it lay in Kafka, byte for byte. */
export interface SourceRecord extends RecordCoordinates {
  readonly timestampType: string;
  readonly key: Buffer | null;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
  /** In order; a name may repeat. */
  readonly headers: readonly { readonly name: string; readonly value: Buffer }[];
}

/** All records of an event, in the order of the event: partition by partition, ascending offsets. */
export function recordsOf(event: KafkaEvent): SourceRecord[] {
  return Object.values(event.records).flatMap((records) =>
    records.map((record) => sourceRecord(event.eventSourceArn, record)),
  );
}

function sourceRecord(cluster: string, record: KafkaEventRecord): SourceRecord {
  return {
    cluster,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    timestampType: record.timestampType,
    key: bytes(record.key),
    value: bytes(record.value),
    headers: record.headers.flatMap((header) =>
      Object.entries(header).map(([name, value]) => ({ name, value: Buffer.from(value) })),
    ),
  };
}

function bytes(base64: string | null | undefined): Buffer | null {
  return base64 === null || base64 === undefined ? null : Buffer.from(base64, 'base64');
}
