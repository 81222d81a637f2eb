import type { EventEnvelope, SourceRecord } from '../../../../localstack/event-source/event-json.ts';
import { toSourceRecord } from '../../../../localstack/event-source/event-json.ts';

export const envelope: EventEnvelope = {
  eventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/nlj/abc',
  bootstrapServers: '127.0.0.1:9092',
};

/** A record of topic `t`; its timestamp is its offset unless given. */
export function record(partition: number, offset: number, timestamp = offset, size = 10): SourceRecord {
  return toSourceRecord({
    topic: 't',
    partition,
    offset,
    timestamp,
    timestampType: 'CREATE_TIME',
    key: null,
    value: Buffer.alloc(size, 'x'),
    headers: [],
  });
}

/** Records of partitions with so many records each, in turn, as they would be fetched. */
export function recordsOf(counts: readonly number[]): SourceRecord[] {
  const records: SourceRecord[] = [];
  for (let offset = 0; offset < Math.max(0, ...counts); offset += 1) {
    counts.forEach((count, partition) => {
      if (offset < count) {
        records.push(record(partition, offset));
      }
    });
  }
  return records;
}

export function failures(records: readonly { readonly source: string; readonly offset: number }[]): string {
  return JSON.stringify({
    batchItemFailures: records.map(({ source, offset }) => ({ itemIdentifier: { partition: source, offset } })),
  });
}
