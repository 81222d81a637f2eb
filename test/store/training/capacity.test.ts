import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingProjection } from '../../../functions/training/projection.ts';
import { bookingCancelled, bookingRequested, sessionScheduled } from '../../support/training.ts';
import { type Database, openDatabase } from '../support/database.ts';
import { announcements, batchesOf, deliver, deliverAtOnce } from './support/deliver.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(8);
});
afterAll(() => database.close());

it('500 learners for 50 seats, half before the session, by 6 instances at once: 50 confirmed, 450 wait without a gap', async () => {
  const ledger = database.ledger([trainingProjection]);
  const session = randomUUID();
  const requests = Array.from({ length: 500 }, (_, index) =>
    bookingRequested(randomUUID(), session, randomUUID(), { minute: index }),
  );
  const scheduled = sessionScheduled(session, { minute: 0, with: { capacity: 50 } });
  const early = batchesOf(requests.slice(0, 250), 7);
  const late = batchesOf(requests.slice(250), 7);
  await deliverAtOnce(ledger, [...early, [scheduled], ...late, ...early.slice(0, 5)]);

  const { rows } = await database.pool.query<{
    status: string;
    count: number;
    least: number;
    most: number;
    places: number;
  }>(
    `select status, count(*)::int, min(waitlist_position) as least, max(waitlist_position) as most,
            count(distinct waitlist_position)::int as places
       from training_booking group by status order by status`,
  );
  expect(rows).toEqual([
    { status: 'confirmed', count: 50, least: null, most: null, places: 0 },
    { status: 'waitlist', count: 450, least: 1, most: 450, places: 450 },
  ]);
  const told = await announcements(database);
  expect(told).toHaveLength(500);
  expect(new Set(told.map(({ booking }) => booking)).size).toBe(500);
  expect(told.flatMap(({ event, detail }) => (event === 'booking.waitlisted' ? [Number(detail)] : []))).toEqual(
    Array.from({ length: 450 }, (_, index) => index + 1),
  );

  const confirmed = await database.pool.query<{ id: string }>(
    `select id from training_booking where status = 'confirmed'`,
  );
  const first = await database.pool.query<{ id: string }>(
    `select id from training_booking where waitlist_position <= 20 order by waitlist_position`,
  );
  const cancellations = confirmed.rows.slice(0, 20).map(({ id }) => [bookingCancelled(id, session, { minute: 600 })]);
  await deliverAtOnce(ledger, cancellations);
  const promotions = (await announcements(database)).slice(500);
  expect(promotions.map(({ booking }) => booking)).toEqual(first.rows.map(({ id }) => id));
  expect(new Set(promotions.map(({ detail }) => detail))).toEqual(new Set(['waitlist_promotion']));
  const positions = await database.pool.query(
    `select count(*)::int as count, max(waitlist_position) as most from training_booking where status = 'waitlist'`,
  );
  expect(positions.rows).toEqual([{ count: 430, most: 430 }]);
});

it('who is promoted is named by the account, or as the request named them, and never by name', async () => {
  const ledger = database.ledger([trainingProjection]);
  const session = randomUUID();
  const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
  const mailbox = { objectType: 'Agent', name: 'Dana Okafor', mbox: 'mailto:dana.okafor@example.org' };
  await deliver(ledger, [
    sessionScheduled(session, { with: { capacity: 1 } }),
    bookingRequested(a, session, randomUUID(), { minute: 1 }),
    bookingRequested(b, session, randomUUID(), { minute: 2, actor: mailbox }),
    bookingRequested(c, session, randomUUID(), { minute: 3 }),
  ]);
  await deliver(ledger, [bookingCancelled(a, session, { minute: 4 })]);
  const { rows } = await database.pool.query(
    `select o.body -> 'actor' as actor, s.agent_key = t.learner_key as is_learner
       from outbox o join statement s on s.id = o.statement_id join training_booking t on t.id = $1
      where o.key = $2 and s.event = 'booking.confirmed' and o.body::text like '%waitlist_promotion%'`,
    [b, session],
  );
  expect(rows).toEqual([{ actor: { objectType: 'Agent', mbox: 'mailto:dana.okafor@example.org' }, is_learner: true }]);
  const tables = await database.pool.query<{ text: string }>(
    `select t::text as text from training_booking t where id = $1`,
    [b],
  );
  expect(tables.rows[0]?.text).not.toMatch(/okafor/i);
});
