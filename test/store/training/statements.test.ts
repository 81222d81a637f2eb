import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingProjection } from '../../../functions/training/projection.ts';
import {
  at,
  attended,
  bookingCancelled,
  bookingObject,
  bookingRequested,
  certificateEarned,
  checkedIn,
  programCreated,
  sessionCancelled,
  sessionScheduled,
  type TrainingMessage,
} from '../../support/training.ts';
import { type Database, openDatabase } from '../support/database.ts';
import { deliver } from './support/deliver.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(1);
});
afterAll(() => database.close());

/** SQL statements that a batch takes. */
async function statementsOf(messages: readonly TrainingMessage[]): Promise<number> {
  let count = 0;
  const client = await database.pool.connect();
  const query = client.query;
  // The pool has one connection, which the ledger takes next.
  Object.assign(client, {
    query: (...parameters: Parameters<typeof query>) => {
      count += 1;
      return Reflect.apply(query, client, parameters);
    },
  });
  client.release();
  await deliver(database.ledger([trainingProjection]), messages);
  Object.assign(client, { query });
  return count;
}

/** Programs, sessions, bookings, attendance and certificates in equal parts, of many sessions at few places. */
function mixed(records: number): TrainingMessage[] {
  return Array.from({ length: records / 10 }, (_, index) => {
    const [program, session, other, booking, learner] = [0, 1, 2, 3, 4].map(() => randomUUID());
    if (!program || !session || !other || !booking || !learner) throw new Error('five ids');
    const place = { location: `Depot ${index % 5}`, instructor_id: randomUUID(), program_id: program };
    const times = { start_time: at(2000 + index), end_time: index % 2 === 0 ? at(2060 + index) : undefined };
    return [
      programCreated(program, { with: { duration_minutes: 30, requires_approval: index % 3 === 0 } }),
      sessionScheduled(session, { with: { ...place, ...times, capacity: 1 } }),
      sessionScheduled(other, { with: { ...place, ...times } }),
      sessionCancelled(other, { minute: 3 }),
      bookingRequested(booking, session, learner, { minute: 1 }),
      bookingRequested(randomUUID(), session, randomUUID(), {
        minute: 2,
        actor: { objectType: 'Agent', mbox: `mailto:learner${index}@example.org` },
      }),
      bookingCancelled(booking, session, { minute: 3, object: bookingObject(booking) }),
      checkedIn(session, learner),
      attended(session, learner),
      certificateEarned(randomUUID(), learner, { with: { session_id: session } }),
    ];
  }).flat();
}

it('a batch of 1,000 mixed records takes as many SQL statements as one of 100', async () => {
  const few = await statementsOf(mixed(100));
  const many = await statementsOf(mixed(1000));
  expect(many).toBe(few);
  expect(many).toBeLessThan(60);
  const { rows } = await database.pool.query(
    `select (select count(*)::int from outbox) as announced, (select count(*)::int from scheduling_conflict) as conflicts`,
  );
  expect(rows[0].announced).toBeGreaterThan(300);
  expect(rows[0].conflicts).toBeGreaterThan(100);
});
