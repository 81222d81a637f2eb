import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertAnnouncements } from '../../../functions/core/ledger/postgres-announcements.ts';
import { statementTransaction } from '../../../functions/core/ledger/transaction.ts';
import { agentKey } from '../../../functions/core/people/person.ts';
import { cancelBookingsOf } from '../../../functions/training/cancel-bookings.ts';
import { trainingProjection } from '../../../functions/training/projection.ts';
import { readBooking } from '../../../functions/training/read.ts';
import {
  at,
  attended,
  bookingRequested,
  certificateEarned,
  checkedIn,
  sessionScheduled,
} from '../../support/training.ts';
import { type Database, openDatabase, pepper } from '../support/database.ts';
import { announcements, deliver, emptySql } from './support/deliver.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(2);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query(emptySql);
});

const person = randomUUID();
const account = agentKey(pepper, `user:${person}`);
const mailbox = { objectType: 'Agent', mbox: 'mailto:dana.okafor@example.org' } as const;
const alone = agentKey(pepper, `mbox:${mailbox.mbox}`);
const [session, other, first, second, third] = [0, 1, 2, 3, 4].map(() => randomUUID());
if (!session || !other || !first || !second || !third) throw new Error('five ids');

/** What joining two people, or erasing one, does to statements before tables are derived anew. */
async function change(sql: string, values: readonly unknown[]): Promise<void> {
  await statementTransaction(database.pool, 'alone', async (client) => {
    await client.query(sql, [...values]);
    await trainingProjection.rederive?.(client, [account, alone].sort());
  });
}

const join = () => change('update statement set agent_key = $1 where agent_key = $2', [account, alone]);
const erase = () =>
  change(
    `update statement set body = null, canonical_hash = null, received_hash = null, agent_key = null, erased_at = now(),
            index_state = 'erased' where agent_key = $1`,
    [account],
  );

it('bookings, attendance and certificates of a mailbox go to the account that it was attached to', async () => {
  const ledger = database.ledger([trainingProjection]);
  await deliver(ledger, [
    sessionScheduled(session),
    sessionScheduled(other),
    bookingRequested(first, session, person, { actor: mailbox, minute: 1 }),
    bookingRequested(second, other, person, { minute: 1 }),
    checkedIn(session, person, { actor: mailbox, minute: 2 }),
    attended(session, person, { minute: 3 }),
    certificateEarned(third, person, { actor: mailbox, minute: 4, with: { session_id: session } }),
  ]);
  await join();
  expect(await readBooking(database.pool, first)).toMatchObject({
    learner_key: account,
    user_id: person,
    status: 'confirmed',
  });
  const attendance = await database.pool.query('select * from attendance_record');
  expect(attendance.rows).toMatchObject([
    { learner_key: account, check_in_method: 'manual', completed: true, certificate_issued: true },
  ]);
  const certificates = await database.pool.query('select learner_key from certificate');
  expect(certificates.rows).toEqual([{ learner_key: account }]);
});

it('two live bookings of one session that turn out to be of one person stay: the lesser one keeps its key', async () => {
  const ledger = database.ledger([trainingProjection]);
  await deliver(ledger, [
    sessionScheduled(session, { with: { capacity: 1 } }),
    bookingRequested(first, session, person, { actor: mailbox, minute: 1 }),
    bookingRequested(second, session, person, { minute: 2 }),
  ]);
  await join();
  expect(await readBooking(database.pool, first)).toMatchObject({ learner_key: alone, status: 'confirmed' });
  expect(await readBooking(database.pool, second)).toMatchObject({ learner_key: account, status: 'waitlist' });
});

it('who is to be erased gives up seats by the normal rule, and leaves no trace but the rows of decisions', async () => {
  const ledger = database.ledger([trainingProjection]);
  await deliver(ledger, [
    sessionScheduled(session, { with: { capacity: 1 } }),
    bookingRequested(first, session, person, { minute: 1, with: { special_requirements: 'Dana eats no nuts' } }),
    bookingRequested(second, session, randomUUID(), { minute: 2 }),
    checkedIn(session, person),
    certificateEarned(third, person),
  ]);
  await statementTransaction(database.pool, 'shared', async (client) => {
    const decided = await cancelBookingsOf(client, [account], { id: randomUUID(), timestamp: at(9) });
    await insertAnnouncements(client, decided, { group: 'training', authority: system });
  });
  expect((await announcements(database)).at(-1)).toMatchObject({ booking: second, detail: 'waitlist_promotion' });
  await erase();
  expect(await readBooking(database.pool, first)).toMatchObject({
    status: 'cancelled',
    learner_key: null,
    user_id: null,
    special_requirements: null,
    cancellation_reason: null,
  });
  const left = await database.pool.query(
    'select (select count(*)::int from attendance_record) as attendance, (select count(*)::int from certificate) as certificates',
  );
  expect(left.rows).toEqual([{ attendance: 0, certificates: 0 }]);
});

const system = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;
