import { ProduceAcks, Producer } from '@platformatic/kafka';
import type { OutgoingMessage } from './message.ts';

/** Codecs that producers may use. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** Messages and bytes of one produce request, at most: the broker takes 1 MiB batches by default. */
const requestMessages = 500;
const requestBytes = 900_000;

/**
 * Opens a producer with the settings of the platform's producers: acks from all replicas, idempotent, gzip by default.
 * @param bootstrap `host:port`
 */
export function openSender(bootstrap: string, compression: Compression = 'gzip') {
  const producer = new Producer<Buffer, Buffer, string, string>({
    clientId: 'nlj-publish',
    bootstrapBrokers: [bootstrap],
    serializers: {
      headerKey: (name) => (name === undefined ? undefined : Buffer.from(name)),
      headerValue: (value) => (value === undefined ? undefined : Buffer.from(value)),
    },
    idempotent: true,
    acks: ProduceAcks.ALL,
    compression,
  });
  return {
    /** Sends all messages, in order per partition. Rejects if a broker does not acknowledge one. */
    async send(messages: readonly OutgoingMessage[]): Promise<void> {
      for (const part of parts(messages)) {
        await producer.send({
          messages: part.map(({ topic, key, value, headers, partition }) => ({
            topic,
            ...(key === null ? {} : { key }),
            ...(value === null ? {} : { value }),
            ...(partition === undefined ? {} : { partition }),
            ...(headers === undefined ? {} : { headers: { ...headers } }),
          })),
        });
      }
    },
    close: (): Promise<void> => producer.close(),
  };
}

function parts(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const result: OutgoingMessage[][] = [];
  let current: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = (message.value?.length ?? 0) + (message.key?.length ?? 0);
    if (current.length > 0 && (current.length >= requestMessages || bytes + size > requestBytes)) {
      result.push(current);
      current = [];
      bytes = 0;
    }
    current.push(message);
    bytes += size;
  }
  if (current.length > 0) result.push(current);
  return result;
}
