import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import type { OutgoingMessage } from './message.ts';

/** Codecs that producers may use. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** Messages and bytes of one produce request, at most: the broker takes 1 MiB batches by default. */
const requestMessages = 500;
const requestBytes = 900_000;

/** How long a broker may take to answer at all. */
const brokerMillis = 5_000;

/**
 * Looks whether a broker answers. The producer alone would try without end.
 * @throws Error that names the address and what to do.
 */
export async function assertBroker(bootstrap: string): Promise<void> {
  const admin = new Admin({
    clientId: 'nlj-publish',
    bootstrapBrokers: [bootstrap],
    retries: 0,
    connectTimeout: brokerMillis,
    timeout: brokerMillis,
  });
  try {
    await admin.metadata({ topics: [] });
  } catch {
    throw new Error(`No Kafka broker answers at ${bootstrap}: is it running there? \`npm start\` runs one`);
  } finally {
    await admin.close();
  }
}

/**
 * Opens a producer with the settings of the platform's producers: acks from all replicas, idempotent, gzip by default.
 * @param bootstrap `host:port`
 */
export function openSender(bootstrap: string, compression: Compression = 'gzip') {
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({
    clientId: 'nlj-publish',
    bootstrapBrokers: [bootstrap],
    idempotent: true,
    acks: ProduceAcks.ALL,
    compression,
  });
  return {
    /**
     * Sends all messages, in order per partition.
     * @throws Error with the broker's reason if it does not take one; those before it may be sent.
     */
    async send(messages: readonly OutgoingMessage[]): Promise<void> {
      for (const part of parts(messages)) {
        await producer.send({ messages: part.map(outgoing) }).catch((error: unknown) => {
          throw new Error(`Kafka did not take the messages: ${reasonOf(error)}`, { cause: error });
        });
      }
    },
    close: (): Promise<void> => producer.close(),
  };
}

function outgoing({ topic, key, value, headers, partition }: OutgoingMessage) {
  return {
    topic,
    ...(key === null ? {} : { key }),
    ...(value === null ? {} : { value }),
    ...(partition === undefined ? {} : { partition }),
    // A map by the buffers' identity: a name that repeats is two of them.
    ...(headers === undefined
      ? {}
      : { headers: new Map(headers.map(({ name, value: bytes }) => [Buffer.from(name), Buffer.from(bytes)])) }),
  };
}

/** The innermost message: the client wraps the broker's answer several times. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error) return error.cause === undefined ? error.message : reasonOf(error.cause);
  return String(error);
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
