import { ProduceAcks, Producer } from '@platformatic/kafka';
import { TransientError } from '../../core/errors.ts';
import { type ClusterConnection, clusterClient } from '../../core/runtime/kafka-client.ts';
import type { OutboxRow, Publish } from './outbox.ts';

export interface Publisher {
  readonly publish: Publish;
  close(): Promise<void>;
}

/** Bytes of one produce request, at most: the broker takes batches of 1 MiB by default. A larger row goes alone. */
const requestBytes = 900_000;

/**
 * Publishes to Kafka: acknowledged by all in-sync replicas, by an idempotent producer, so that its own retries neither
 * repeat nor reorder. The connection is opened at the first row and stays for later invocations, until it fails.
 */
export function kafkaPublisher(connection: ClusterConnection): Publisher {
  let producer: Producer<string, string, string, string> | null = null;
  return {
    async publish(rows) {
      producer ??= openProducer(connection);
      try {
        for (const part of parts(rows)) await producer.send({ messages: part.map(message) });
      } catch (error) {
        await producer.close().catch(() => undefined);
        producer = null;
        throw new TransientError(`Kafka did not take the announcements (${nameOf(error)})`, { cause: error });
      }
    },
    async close() {
      await producer?.close();
      producer = null;
    },
  };
}

function openProducer(connection: ClusterConnection) {
  const serialize = (text?: string) => (text === undefined ? undefined : Buffer.from(text));
  return new Producer<string, string, string, string>({
    ...clusterClient(connection, 'nlj-events-relay'),
    idempotent: true,
    acks: ProduceAcks.ALL,
    compression: 'gzip',
    // 10 s each: the relay's round has to end before its function does.
    retries: 3,
    serializers: { key: serialize, value: serialize, headerKey: serialize, headerValue: serialize },
  });
}

function message({ topic, key, body }: OutboxRow) {
  return { topic, key, value: body };
}

/** Consecutive rows, each part within the limit of a request. */
function parts(rows: readonly OutboxRow[]): OutboxRow[][] {
  const result: OutboxRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(row.body) + Buffer.byteLength(row.key);
    const current = result.at(-1);
    if (current === undefined || bytes + size > requestBytes) {
      result.push([row]);
      bytes = size;
    } else {
      current.push(row);
      bytes += size;
    }
  }
  return result;
}

/** The kind of error only: a message could quote what was sent. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.name;
}
