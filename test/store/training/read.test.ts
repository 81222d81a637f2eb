import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingProjection } from '../../../functions/training/projection.ts';
import {
  readBooking,
  readLiveBookings,
  readProgram,
  readSession,
  readSessions,
} from '../../../functions/training/read.ts';
import {
  at,
  bookingCancelled,
  bookingRequested,
  programCreated,
  sessionCancelled,
  sessionScheduled,
} from '../../support/training.ts';
import { type Database, openDatabase } from '../support/database.ts';
import { deliver } from './support/deliver.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(2);
});
afterAll(() => database.close());

const [program, session, later, unknown] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const [a, b, c, ghost] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const learner = randomUUID();

it('gives sessions with their counts, bookings and programs; placeholders are none', async () => {
  const { pool } = database;
  await deliver(database.ledger([trainingProjection]), [
    programCreated(program),
    sessionScheduled(session, { with: { capacity: 1, program_id: program } }),
    sessionScheduled(later, { with: { start_time: at(3000), end_time: at(3060), program_id: program } }),
    bookingRequested(a, session, learner, { minute: 1 }),
    bookingRequested(b, session, randomUUID(), { minute: 2 }),
    bookingRequested(c, unknown, learner, { minute: 3 }),
    bookingCancelled(ghost, session, { minute: 4 }),
  ]);
  expect(await readSession(pool, session)).toMatchObject({
    program_title: 'Forklift Safety Refresher',
    seats: 1,
    confirmed_bookings: 1,
    waitlist_count: 1,
    available_spots: 0,
    total_bookings: 3,
    start_time: '2026-03-02T08:00:00.000000Z',
  });
  expect(await readSession(pool, unknown)).toBeNull();
  expect((await readSessions(pool, { programId: program }, { limit: 9 })).map(({ id }) => id)).toEqual([
    session,
    later,
  ]);
  const [first] = await readSessions(pool, {}, { limit: 1 });
  expect(first?.id).toBe(session);
  const after = { start_time: first?.start_time ?? '', id: session };
  expect((await readSessions(pool, { status: 'scheduled' }, { limit: 9, after })).map(({ id }) => id)).toEqual([later]);

  expect(await readBooking(pool, b)).toMatchObject({ status: 'waitlist', waitlist_position: 1, program_id: program });
  expect(await readBooking(pool, c)).toMatchObject({ status: 'requested', start_time: null });
  expect(await readBooking(pool, ghost)).toBeNull();
  const key = (await readBooking(pool, a))?.learner_key ?? '';
  expect((await readLiveBookings(pool, [key])).map(({ id }) => id).sort()).toEqual([a, c].sort());
  expect(await readProgram(pool, program)).toMatchObject({ title: 'Forklift Safety Refresher', is_published: false });
  expect(await readProgram(pool, unknown)).toBeNull();

  await deliver(database.ledger([trainingProjection]), [sessionCancelled(session, { minute: 5 })]);
  expect(await readSession(pool, session)).toMatchObject({
    status: 'cancelled',
    available_spots: 0,
    waitlist_count: 0,
  });
});
