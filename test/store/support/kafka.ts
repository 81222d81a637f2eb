import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin, Consumer, ListOffsetTimestamps } from '@platformatic/kafka';
import { ensureTopics } from '../../../functions/operations/provision/topics.ts';
import { publishedTopics } from '../../../lib/catalogue.ts';
import {
  ensureJavaEngines,
  findTools,
  portsFrom,
  prepareRunFolder,
  startReaper,
} from '../../../localstack/engines/index.ts';
import { createKafka } from '../../../localstack/engines/kafka.ts';

const portOffset = Number(process.env['NLJ_TEST_PORT_OFFSET'] ?? 400) + 150;

export interface ReadMessage {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

/** A real broker with the topics that this project publishes to. */
export async function startKafka() {
  const temporary = await realpath(tmpdir());
  const found = await findTools({ runDirectory: temporary });
  if (!found.ok) throw new Error(found.faults.join('\n'));
  const runDirectory = await mkdtemp(join(temporary, 'nlj-store-kafka-'));
  const reaper = startReaper();
  reaper.addDirectory(runDirectory);
  await prepareRunFolder(runDirectory);
  const java = await ensureJavaEngines(found.tools, (line) => console.log(line), { reaper });
  const kafka = createKafka({ java, ports: portsFrom({ offset: portOffset }), runDirectory, reaper });
  await kafka.start();
  const connection = { bootstrapServers: kafka.bootstrap, auth: 'none', region: '' } as const;
  await ensureTopics(connection, publishedTopics, 1);
  return {
    connection,
    engine: kafka,
    /** Every message of the published topics, in order per partition. */
    messages: () => readAll(kafka.bootstrap),
    async stop(): Promise<void> {
      await kafka.stop();
      await reaper.close();
    },
  };
}

export type Kafka = Awaited<ReturnType<typeof startKafka>>;

async function readAll(bootstrap: string): Promise<ReadMessage[]> {
  const admin = new Admin({ clientId: 'nlj-test', bootstrapBrokers: [bootstrap] });
  const listed = await admin.listOffsets({
    topics: publishedTopics.map(({ name, partitions }) => ({
      name,
      partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp: ListOffsetTimestamps.LATEST,
      })),
    })),
  });
  await admin.close();
  const total = listed.reduce(
    (sum, { partitions }) => sum + partitions.reduce((count, { offset }) => count + Number(offset), 0),
    0,
  );
  const messages: ReadMessage[] = [];
  if (total === 0) return messages;
  const consumer = new Consumer({
    clientId: 'nlj-test',
    bootstrapBrokers: [bootstrap],
    groupId: `test-${process.pid}-${Date.now()}`,
    autocommit: false,
  });
  const stream = await consumer.consume({
    topics: publishedTopics.map(({ name }) => name),
    mode: 'earliest',
    maxWaitTime: 100,
  });
  for await (const { topic, key, value } of stream) {
    messages.push({ topic, key: key?.toString() ?? '', value: value?.toString() ?? '' });
    if (messages.length === total) break;
  }
  await stream.close();
  await consumer.close(true);
  return messages;
}
