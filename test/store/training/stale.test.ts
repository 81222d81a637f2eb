import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { trainingProjection } from '../../../functions/training/projection.ts';
import { readBooking } from '../../../functions/training/read.ts';
import { schedule } from '../../../functions/training/schedule.ts';
import { stampOf } from '../../../functions/training/stamp.ts';
import { bookingCancelled, bookingObject, bookingRequested, sessionScheduled } from '../../support/training.ts';
import { type Database, openDatabase } from '../support/database.ts';
import { deliver } from './support/deliver.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(4);
});
afterAll(() => database.close());

/** Until somebody waits for a lock that another transaction holds. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((rows[0]?.waiting ?? 0) > 0) return;
    await setTimeout(10);
  }
}

it('a booking whose session becomes known while its cancellation waits for it is cancelled there, and its seat given on', async () => {
  const ledger = database.ledger([trainingProjection]);
  const [session, booking, waiting] = [randomUUID(), randomUUID(), randomUUID()];
  await deliver(ledger, [sessionScheduled(session, { with: { capacity: 1 } })]);
  const object = bookingObject(booking);
  const request = bookingRequested(booking, session, randomUUID(), { minute: 1 });
  const cancellation = bookingCancelled(booking, session, { minute: 3, object });

  // Another instance has inserted the booking and is about to commit.
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('insert into training_booking (id) values ($1)', [booking]);
  const cancelled = deliver(ledger, [cancellation]);
  await somebodyWaits();
  await client.query(
    `update training_booking set session_id = $2, learner_key = 'k', status = 'confirmed', request_id = $3 where id = $1`,
    [booking, session, request.statement.id],
  );
  await client.query(
    `insert into training_booking (id, session_id, learner_key, status, waitlist_position, request_id) values ($1, $2, 'w', 'waitlist', 1, $1)`,
    [waiting, session],
  );
  await client.query('commit');
  client.release();

  await cancelled;
  expect(await readBooking(database.pool, booking)).toMatchObject({ status: 'cancelled', session_id: session });
  expect(await readBooking(database.pool, waiting)).toMatchObject({ status: 'confirmed', waitlist_position: null });
});

it('a booking is where it was requested, whatever session another event names', async () => {
  const ledger = database.ledger([trainingProjection]);
  const [session, elsewhere, booking, waiting] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await deliver(ledger, [
    sessionScheduled(session, { with: { capacity: 1 } }),
    sessionScheduled(elsewhere),
    bookingRequested(booking, session, randomUUID(), { minute: 1 }),
    bookingRequested(waiting, session, randomUUID(), { minute: 2 }),
  ]);
  await deliver(ledger, [bookingRequested(booking, elsewhere, randomUUID(), { minute: 3 })]);
  await deliver(ledger, [bookingCancelled(booking, elsewhere, { minute: 4 })]);
  expect(await readBooking(database.pool, booking)).toMatchObject({ status: 'cancelled', session_id: session });
  expect(await readBooking(database.pool, waiting)).toMatchObject({ status: 'confirmed' });
});

it('who knows a booking from before it had a session waits for no one who waits for that booking', async () => {
  const ledger = database.ledger([trainingProjection]);
  const session = randomUUID();
  const [first = '', second = ''] = [randomUUID(), randomUUID()].sort();
  await deliver(ledger, [sessionScheduled(session)]);
  await database.pool.query('insert into training_booking (id) values ($1), ($2)', [first, second]);

  // One instance is about to give the first booking its session.
  const requesting = await database.pool.connect();
  await requesting.query('begin');
  await requesting.query('select 1 from training_booking where id = $1 for update', [first]);
  // Another names both bookings, and waits for the first.
  const stale = await database.pool.connect();
  await stale.query('begin');
  const cancelled = schedule(stale, [cancelBooking(first), cancelBooking(second)]);
  await somebodyWaits();
  // A third holds the session and names the second booking; while it is about to read who is booked, the first commits.
  const cancelling = await database.pool.connect();
  await cancelling.query('begin');
  await cancelling.query('select 1 from training_session where id = $1 for update', [session]);
  const query = cancelling.query.bind(cancelling);
  const waits = vi.spyOn(cancelling, 'query').mockImplementation(async (sql: string, values?: unknown[]) => {
    if (sql.includes('t.status in')) {
      waits.mockRestore();
      await requesting.query(
        `update training_booking set session_id = $2, learner_key = 'k', status = 'confirmed' where id = $1`,
        [first, session],
      );
      await requesting.query('commit');
      await setTimeout(200);
    }
    return query(sql, values);
  });
  const events = [
    { type: 'session.cancelled', sessionId: session, cancelledAt: undefined, reason: null, cause: causeAt(5) } as const,
    cancelBooking(second),
  ];
  await Promise.all([
    schedule(cancelling, events).then(() => cancelling.query('commit')),
    cancelled.then(() => stale.query('commit')),
  ]);
  for (const client of [requesting, stale, cancelling]) client.release();
  const { rows } = await database.pool.query('select status from training_booking where id = $1', [first]);
  expect(rows).toEqual([{ status: 'cancelled' }]);
});

function causeAt(minute: number) {
  const statement = { id: randomUUID(), timestamp: `2026-03-02T09:0${minute}:00Z` };
  return { ...statement, at: statement.timestamp, stamp: stampOf(statement) };
}

function cancelBooking(bookingId: string) {
  return {
    type: 'booking.cancelled',
    bookingId,
    sessionId: null,
    cancelledBy: 'system',
    reason: 'a test',
    cause: causeAt(4),
  } as const;
}
