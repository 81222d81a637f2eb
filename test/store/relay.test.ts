import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TransientError } from '../../functions/core/errors.ts';
import { postgresOutbox } from '../../functions/operations/relay/outbox.ts';
import { kafkaPublisher, type Publisher } from '../../functions/operations/relay/publisher.ts';
import { relay } from '../../functions/operations/relay/relay.ts';
import { publishedTopics } from '../../lib/catalogue.ts';
import { type Database, openDatabase } from './support/database.ts';
import { type Kafka, startKafka } from './support/kafka.ts';

const script = fileURLToPath(new URL('./support/relay-process.ts', import.meta.url));
const sessions = Array.from({ length: 12 }, () => randomUUID());

let kafka: Kafka;
let database: Database;
let url: string;
let publisher: Publisher;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  kafka = await startKafka();
  publisher = kafkaPublisher(kafka.connection);
}, 180_000);
afterAll(async () => {
  await publisher.close();
  await kafka.stop();
});
beforeEach(async () => {
  database = await openDatabase(8);
  const { rows } = await database.pool.query<{ name: string }>('select current_database() as name');
  const place = new URL(inject('postgres'));
  place.pathname = `/${rows[0]?.name}`;
  url = place.href;
});
afterEach(async () => {
  await Promise.all([...children].map(ended));
  children.clear();
  await database.close();
});

/** Decides as the training function does: under the session's lock, which holds until the commit. */
async function announce(session: string, count: number, pauseMillis = 0): Promise<void> {
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [session]);
  for (let number = 0; number < count; number += 1) {
    const id = randomUUID();
    const topic = publishedTopics[randomInt(publishedTopics.length)]?.name;
    await client.query('insert into outbox (statement_id, topic, key, body) values ($1, $2, $3, $4)', [
      id,
      topic,
      session,
      JSON.stringify({ id, text: 'Übung \u0000 \ud800' }),
    ]);
  }
  await sleep(pauseMillis);
  await client.query('commit');
  client.release();
}

function startRelay(point = 'none'): ChildProcess {
  const child = spawn(process.execPath, [script, url, kafka.connection.bootstrapServers, point], { stdio: 'inherit' });
  children.add(child);
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Relays until nothing waits; a killed relay's lock lives on until the server has seen its connection close. */
async function relayAll(): Promise<void> {
  for (;;) {
    const { busy } = await relay(postgresOutbox(database.pool), publisher.publish, () => true);
    if (!busy) return;
    await sleep(20);
  }
}

interface OutboxMessage {
  readonly statement_id: string;
  readonly topic: string;
  readonly key: string;
  readonly body: string;
  readonly published: Date | null;
}

/** What Kafka holds of this test's announcements: the first message of each id, per topic and key in its order. */
async function published(rows: readonly OutboxMessage[]) {
  const ids = new Set(rows.map(({ statement_id }) => statement_id));
  const seen = new Set<string>();
  const byKey = new Map<string, string[]>();
  let copies = 0;
  for (const { topic, key, value } of await kafka.messages()) {
    const id = String(JSON.parse(value).id);
    if (!ids.has(id)) continue;
    copies += 1;
    if (seen.has(id)) continue;
    seen.add(id);
    byKey.set(`${topic} ${key}`, [...(byKey.get(`${topic} ${key}`) ?? []), value]);
  }
  return { byKey, copies };
}

/** Nothing lost, nothing invented, each key in the order of decision. Returns how many were sent more than once. */
async function expectAllPublished(): Promise<number> {
  const { rows } = await database.pool.query<OutboxMessage>(
    'select statement_id, topic, key, body::text as body, published from outbox order by sequence',
  );
  expect(rows.filter((row) => row.published === null)).toEqual([]);
  const expected = new Map<string, string[]>();
  for (const { topic, key, body } of rows) {
    expected.set(`${topic} ${key}`, [...(expected.get(`${topic} ${key}`) ?? []), body]);
  }
  const { byKey, copies } = await published(rows);
  expect(byKey).toEqual(expected);
  return copies - rows.length;
}

describe('the relay', () => {
  it('publishes what is announced, once where nothing fails, byte for byte', async () => {
    for (const session of sessions) await announce(session, 3);
    await relayAll();
    expect(await expectAllPublished()).toBe(0);
    expect(await relay(postgresOutbox(database.pool), publisher.publish, () => true)).toEqual({
      published: 0,
      busy: false,
      more: false,
    });
  });

  it.each([
    ['before the first row', false],
    ['in the middle of a round', true],
    ['before marking', true],
    ['before the commit', true],
    ['after the commit', false],
  ])('killed %s loses and invents nothing', async (point, repeats) => {
    for (const session of sessions) await announce(session, 4);
    const child = startRelay(point);
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    await relayAll();
    expect((await expectAllPublished()) > 0).toBe(repeats);
  });

  it('with several at once, killed at random while decisions go on, keeps the order of each session', async () => {
    const rounds = 80;
    const writers = sessions.map(async (session) => {
      for (let round = 0; round < rounds; round += 1) await announce(session, randomInt(1, 4), randomInt(0, 20));
    });
    const writing = Promise.all(writers).then(() => true);
    let done = false;
    void writing.then(() => {
      done = true;
    });
    const relays = [startRelay(), startRelay(), startRelay()];
    let kills = 0;
    while (!done) {
      await sleep(randomInt(200, 700));
      const index = randomInt(relays.length);
      const victim = relays[index];
      if (victim !== undefined) await ended(victim);
      relays[index] = startRelay();
      kills += 1;
    }
    await writing;
    await Promise.all(relays.map(ended));
    await relayAll();
    await expectAllPublished();
    expect(kills).toBeGreaterThan(1);
  });

  it('leaves the work to the one that is at work', async () => {
    await announce(sessions[0] ?? '', 2);
    const outbox = postgresOutbox(database.pool);
    const { promise: sent, resolve: finish } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const first = outbox.round(async () => {
      begin();
      await sent;
    });
    await begun;
    expect(await outbox.round(publisher.publish)).toEqual({ kind: 'busy' });
    finish();
    expect(await first).toEqual({ kind: 'done', published: 2 });
  });

  it('marks nothing while the broker is down, and goes on when it is back', async () => {
    await announce(sessions[0] ?? '', 2);
    await kafka.engine.kill();
    await expect(relay(postgresOutbox(database.pool), publisher.publish, () => true)).rejects.toThrow(TransientError);
    const { rows } = await database.pool.query('select 1 from outbox where published is not null');
    expect(rows).toEqual([]);
    await kafka.engine.start();
    await relayAll();
    await expectAllPublished();
  });
});
