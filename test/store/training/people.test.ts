import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertAnnouncements } from '../../../functions/core/ledger/postgres-announcements.ts';
import { statementTransaction } from '../../../functions/core/ledger/transaction.ts';
import { agentKey } from '../../../functions/core/people/person.ts';
import { trainingProjection } from '../../../functions/training/projection.ts';
import { readBooking } from '../../../functions/training/read.ts';
import {
  at,
  attended,
  bookingCancelled,
  bookingRequested,
  certificateEarned,
  checkedIn,
  programCreated,
  sessionScheduled,
  user,
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
    const cause = { id: randomUUID(), timestamp: at(9) };
    const decided = (await trainingProjection.withdraw?.(client, [account], cause)) ?? [];
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

it('who is to be forgotten is no creator, no instructor and no canceller any more, and clashes with nobody', async () => {
  const ledger = database.ledger([trainingProjection]);
  const teaching = { instructor_id: person };
  await deliver(ledger, [
    programCreated(third, { actor: user(person) }),
    sessionScheduled(session, { with: teaching }),
    sessionScheduled(other, { with: teaching }),
    bookingRequested(first, session, randomUUID(), { minute: 1 }),
    bookingCancelled(first, session, { minute: 2, with: { cancelled_by: person } }),
  ]);
  const mentions = async () => {
    const tables = ['training_program', 'training_session', 'training_booking', 'scheduling_resource'];
    const counts = tables.map(
      (name) => `(select count(*) from ${name} t where t::text like '%' || $1 || '%')::int as ${name}`,
    );
    const open = `(select count(*) from scheduling_conflict where state = 'open')::int as open`;
    return (await database.pool.query(`select ${[...counts, open].join(', ')}`, [person])).rows[0];
  };
  const told = { training_program: 1, training_session: 2, training_booking: 1, scheduling_resource: 1, open: 1 };
  expect(await mentions()).toEqual(told);
  await statementTransaction(database.pool, 'alone', async (client) => trainingProjection.forget?.(client, [person]));
  const nothing = { training_program: 0, training_session: 0, training_booking: 0, scheduling_resource: 0, open: 0 };
  expect(await mentions()).toEqual(nothing);
});
