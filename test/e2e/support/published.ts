import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer } from '@platformatic/kafka';
import { publishedTopics } from '../../../lib/catalogue.ts';
import type { Run } from './run.ts';

export interface PublishedMessage {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

/** Waits until the relay has published what waits in the outbox under a key, and returns what Kafka holds of it, in order per topic. */
export async function publishedUnder({ environment, pool }: Run, key: string): Promise<PublishedMessage[]> {
  for (;;) {
    const { rows } = await pool.query('select 1 from outbox where key = $1 and published is null', [key]);
    if (rows.length === 0) break;
    await sleep(200);
  }
  const { rows } = await pool.query<{ id: string }>('select statement_id as id from outbox where key = $1', [key]);
  const missing = new Set(rows.map(({ id }) => id));
  const consumer = new Consumer({
    clientId: 'nlj-test',
    bootstrapBrokers: [environment.endpoints.kafka],
    groupId: `nlj-test-${process.pid}-${Date.now()}`,
    autocommit: false,
  });
  const stream = await consumer.consume({
    topics: publishedTopics.map(({ name }) => name),
    mode: 'earliest',
    maxWaitTime: 100,
  });
  const messages: PublishedMessage[] = [];
  for await (const message of stream) {
    if (message.key?.toString() === key) {
      const value = message.value?.toString() ?? '';
      messages.push({ topic: message.topic, key, value });
      missing.delete(String(JSON.parse(value).id));
    }
    if (missing.size === 0) break;
  }
  await stream.close();
  await consumer.close(true);
  return messages;
}
