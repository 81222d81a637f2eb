import { Consumer, type Message } from '@platformatic/kafka';

/** A message read back from Kafka. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
}

/** Offsets by `<topic>/<partition>`. */
export type Offsets = ReadonlyMap<string, number>;

/** Place of a partition in `Offsets`. */
export function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}

export function partitionOf(place: string): { readonly topic: string; readonly partition: number } {
  const [topic = '', partition = ''] = place.split('/');
  return { topic, partition: Number(partition) };
}

export function kafkaRecordOf(message: Message<Buffer, Buffer, Buffer, Buffer>): KafkaRecord {
  const { topic, partition, offset, timestamp, key, value } = message;
  return {
    topic,
    partition: partition ?? 0,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: key ?? null,
    value: value ?? null,
  };
}

/**
 * Reads what lies from some offsets (inclusive) to others (exclusive), with a consumer group of its own that commits nothing.
 * @throws Error if the broker does not give all of it in time.
 */
export async function readRecords(bootstrap: string, from: Offsets, to: Offsets): Promise<KafkaRecord[]> {
  const wanted = [...to].filter(([place, end]) => end > (from.get(place) ?? 0));
  if (wanted.length === 0) return [];
  const left = new Map(wanted.map(([place, end]) => [place, end - (from.get(place) ?? 0)]));
  const consumer = new Consumer<Buffer, Buffer, Buffer, Buffer>({
    clientId: 'nlj-audit',
    bootstrapBrokers: [bootstrap],
    groupId: `nlj-audit-${process.pid}-${Date.now()}`,
    autocommit: false,
  });
  const records: KafkaRecord[] = [];
  try {
    const stream = await consumer.consume({
      topics: [...new Set([...to.keys()].map((place) => partitionOf(place).topic))],
      mode: 'manual',
      offsets: [...to].map(([place, end]) => ({
        ...partitionOf(place),
        offset: BigInt(Math.min(from.get(place) ?? 0, end)),
      })),
      maxWaitTime: 200,
    });
    const stop = setTimeout(() => stream.destroy(new Error('Kafka did not give back its records')), readMillis);
    try {
      for await (const message of stream) {
        const record = kafkaRecordOf(message);
        const open = left.get(placeOf(record));
        if (open === undefined || record.offset >= (to.get(placeOf(record)) ?? 0)) continue;
        records.push(record);
        if (open === 1) left.delete(placeOf(record));
        else left.set(placeOf(record), open - 1);
        if (left.size === 0) break;
      }
    } finally {
      clearTimeout(stop);
    }
  } finally {
    await consumer.close(true);
  }
  return records;
}

const readMillis = 60_000;
