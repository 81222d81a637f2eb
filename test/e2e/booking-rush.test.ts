import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionPids } from './support/processes.ts';
import { publishedUnder } from './support/published.ts';
import { openRun, type Run } from './support/run.ts';
import { bookingCancelled, bookingRequested, nljAccount, sessionScheduled } from './support/training.ts';

const learners = 500;
const seats = 50;
const cancellations = 20;

interface Booking {
  readonly id: string;
  readonly status: string;
  readonly position: number | null;
}

describe(`${learners} learners ask for a session of ${seats} seats at once`, () => {
  let run: Run;
  beforeAll(async () => {
    run = await openRun();
  });
  afterAll(() => run.close());

  const session = randomUUID();
  const asked = Array.from({ length: learners }, (_, number) => ({
    booking: randomUUID(),
    learner: randomUUID(),
    at: new Date(Date.UTC(2026, 2, 1, 10) + number * 1_000).toISOString(),
  }));

  const send = (topic: string, key: string, value: object) => ({
    topic,
    key: Buffer.from(key),
    value: Buffer.from(JSON.stringify(value)),
  });
  /** Keyed as old producers do: by session and learner, so that they lie in every partition. */
  const request = ({ booking, learner, at }: (typeof asked)[number]) =>
    send('nlj.training.bookings', `${session}:${learner}`, bookingRequested(session, booking, nljAccount(learner), at));
  const bookings = async (): Promise<Booking[]> => {
    const { rows } = await run.pool.query<Booking>(
      `select id, status, waitlist_position as position from training_booking
        where session_id = $1 order by waitlist_position`,
      [session],
    );
    return rows;
  };
  const idsOf = (rows: readonly Booking[], status: string) =>
    rows.filter((row) => row.status === status).map(({ id }) => id);
  /** What learners were told, in the order of decision, once by statement id. */
  const told = async () => {
    const published = (await publishedUnder(run, session)).map(({ value }) => JSON.parse(value));
    const ext = 'http://nlj.platform/extensions/';
    return [...new Map(published.map((message) => [String(message.id), message])).values()].map((message) => ({
      verb: String(message.verb.id).split('/').at(-1),
      booking: String(message.context.extensions[`${ext}booking_id`]),
      method: message.context.extensions[`${ext}confirmation_method`],
    }));
  };

  it(`half of them before it is known, while functions are killed: ${seats} are confirmed, the others wait without a gap, each told once`, async () => {
    await run.sender.send(asked.slice(0, learners / 2).map(request));
    await run.sender.send([
      send('nlj.training.sessions', session, sessionScheduled(session, { program: randomUUID(), capacity: seats })),
      ...asked.slice(learners / 2).map(request),
    ]);
    for (let round = 0; round < 3; round += 1) {
      await sleep(300);
      for (const pid of await functionPids(run.environment, /training/)) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It had ended by itself.
        }
      }
    }
    const table = await run.settled(240);
    expect(table, JSON.stringify(table)).toMatchObject({ complete: true });
    const rows = await bookings();
    expect(rows).toHaveLength(learners);
    expect(idsOf(rows, 'confirmed')).toHaveLength(seats);
    expect(rows.flatMap(({ position }) => position ?? [])).toEqual(
      Array.from({ length: learners - seats }, (_, place) => place + 1),
    );
    const outcomes = await told();
    expect(outcomes).toHaveLength(learners);
    expect(new Set(outcomes.map(({ booking }) => booking)).size).toBe(learners);
    const confirmed = outcomes.filter(({ verb }) => verb === 'registered').map(({ booking }) => booking);
    expect(confirmed.sort()).toEqual(idsOf(rows, 'confirmed').sort());
  });

  it(`then ${cancellations} cancel at once: the first ${cancellations} who wait are promoted, in their order`, async () => {
    const before = await bookings();
    const leaving = new Set(idsOf(before, 'confirmed').slice(0, cancellations));
    const waiting = idsOf(before, 'waitlist');
    await run.sender.send(
      asked
        .filter(({ booking }) => leaving.has(booking))
        .map(({ booking, learner }) =>
          send(
            'nlj.training.bookings',
            `${session}:${learner}`,
            bookingCancelled(session, booking, nljAccount(learner), '2026-03-02T10:00:00.000Z'),
          ),
        ),
    );
    await run.settled();
    const after = await bookings();
    expect(idsOf(after, 'confirmed')).toHaveLength(seats);
    expect(idsOf(after, 'waitlist')).toEqual(waiting.slice(cancellations));
    expect(after.flatMap(({ position }) => position ?? [])).toEqual(
      Array.from({ length: waiting.length - cancellations }, (_, place) => place + 1),
    );
    const promotions = (await told()).slice(learners);
    expect(promotions.map(({ booking }) => booking)).toEqual(waiting.slice(0, cancellations));
    expect(new Set(promotions.map(({ method }) => method))).toEqual(new Set(['waitlist_promotion']));
  });
});
