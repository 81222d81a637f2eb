import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingProjection } from '../../../functions/training/projection.ts';
import { histories, mostSeats } from '../../support/training-history.ts';
import { type Database, openDatabase } from '../support/database.ts';
import { violations } from './support/always-true.ts';
import { batchesOf, deliver, deliverAtOnce, emptySql, shuffled } from './support/deliver.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(8);
});
afterAll(() => database.close());

const random = fc.infiniteStream(fc.double({ noNaN: true }));

/** Rows that no order of events matters for. */
async function settled(withBookings: boolean) {
  const read = async (sql: string) => (await database.pool.query(sql)).rows;
  return {
    programs: await read('select * from training_program order by id'),
    sessions: await read('select * from training_session order by id'),
    attendance: await read('select * from attendance_record order by session_id, learner_key'),
    certificates: await read('select * from certificate order by id'),
    conflicts: await read(
      `select low_session_id, high_session_id, id, conflict_type from scheduling_conflict where state = 'open' order by id`,
    ),
    bookings: withBookings ? await read('select * from training_booking order by id') : [],
  };
}

it('holds what is always true after every batch, whatever the order, the batches and the repetitions', async () => {
  const ledger = database.ledger([trainingProjection]);
  await fc.assert(
    fc.asyncProperty(
      histories({ sessions: 3, learners: 8, events: 200, scarce: true }),
      random,
      fc.integer({ min: 1, max: 40 }),
      async (history, numbers, size) => {
        await database.pool.query(emptySql);
        const next = () => numbers.next().value ?? 0;
        for (const batch of batchesOf(shuffled([...history, ...history.slice(0, 20)], next), size)) {
          await deliver(ledger, batch);
          expect(await violations(database, mostSeats)).toEqual([]);
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
});

it('holds it with several instances at once, and ends with the same rows where order does not matter', async () => {
  const ledger = database.ledger([trainingProjection]);
  await fc.assert(
    fc.asyncProperty(
      histories({ sessions: 3, learners: 8, events: 200, scarce: true }),
      random,
      fc.integer({ min: 1, max: 20 }),
      async (history, numbers, size) => {
        const next = () => numbers.next().value ?? 0;
        await database.pool.query(emptySql);
        await deliver(ledger, history);
        const expected = await settled(false);
        await database.pool.query(emptySql);
        // Six batches at a time, and a look at the tables between.
        const batches = batchesOf(shuffled([...history, ...history.slice(0, 20)], next), size);
        for (const wave of batchesOf(batches, 6)) {
          await deliverAtOnce(ledger, wave);
          expect(await violations(database, mostSeats)).toEqual([]);
        }
        expect(await settled(false)).toEqual(expected);
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
});

it('where seats are enough, bookings too end the same in any order', async () => {
  const ledger = database.ledger([trainingProjection]);
  await fc.assert(
    fc.asyncProperty(
      histories({ sessions: 3, learners: 12, events: 200, scarce: false }),
      random,
      fc.integer({ min: 1, max: 20 }),
      async (history, numbers, size) => {
        // A booking id that is known is left alone, so the first request of each is kept alone.
        const requests = new Set<unknown>();
        const once = history.filter(({ statement: { verb, actor, object } }) => {
          const key = JSON.stringify([verb, actor, object]);
          if (!key.includes('verbs/asked')) return true;
          return !requests.has(key) && requests.add(key);
        });
        await database.pool.query(emptySql);
        await deliver(ledger, once);
        const expected = await settled(true);
        await database.pool.query(emptySql);
        const order = shuffled([...once, ...once.slice(0, 20)], () => numbers.next().value ?? 0);
        await deliverAtOnce(ledger, batchesOf(order, size));
        expect(await settled(true)).toEqual(expected);
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
});
