import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingProjection } from '../../../functions/training/projection.ts';
import { histories, mostSeats } from '../../support/training-history.ts';
import { type Database, openDatabase } from '../support/database.ts';
import { violations } from './support/always-true.ts';
import { deliver, emptySql } from './support/deliver.ts';

/** One minute; the full tests take ten. */
const minutes = Number(process.env['NLJ_SOAK_MINUTES'] ?? 1);
const instances = 6;

let database: Database;
beforeAll(async () => {
  database = await openDatabase(instances + 2);
});
afterAll(() => database.close());

it(`${minutes} min of ${instances} instances at work on the same sessions: no deadlock reaches the caller`, {
  timeout: (minutes + 2) * 60_000,
}, async () => {
  const ledger = database.ledger([trainingProjection]);
  const until = Date.now() + minutes * 60_000;
  let seed = Date.now();
  let delivered = 0;
  while (Date.now() < until) {
    await database.pool.query(emptySql);
    // A history for each instance, all of the same few sessions, learners, places and bookings.
    const work = Array.from({ length: instances }, () => {
      seed += 1;
      return fc.sample(histories({ sessions: 4, learners: 12, events: 200, scarce: true }), { numRuns: 3, seed });
    });
    await Promise.all(
      work.map(async (batches) => {
        for (const batch of batches) {
          const messages = batch.map(({ topic, statement }) => ({
            topic,
            statement: { ...statement, id: randomUUID() },
          }));
          for (let from = 0; from < messages.length; from += 25) await deliver(ledger, messages.slice(from, from + 25));
          delivered += messages.length;
        }
      }),
    );
    expect(await violations(database, mostSeats), `seed ${seed}`).toEqual([]);
  }
  const { rows } = await database.pool.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(Number(rows[0]?.deadlocks), `deadlocks in ${delivered} statements`).toBe(0);
});
