import { afterAll, describe, expect, it } from 'vitest';
import { publishedUnder } from './support/published.ts';
import { type Adaptation, minuteText } from './support/scene.ts';
import { setSchedules } from './support/schedules.ts';
import { ext, ids, row, useTrainingScenes } from './support/training-scenes.ts';

const { at, schedule, booking, of, request, announced, outcome } = useTrainingScenes();

describe('bookings', () => {
  afterAll(() => setSchedules(at.run.environment, /OutboxRelay/, true));

  it.each(['booking.requested (A)', 'booking.requested (B, HEAD)'])('%s takes a free seat', async (example) => {
    await schedule();
    const changes = await at.changesOf(example, of('Ann', 1));
    expect(changes).toEqual({
      training_booking: [
        row({
          id: booking('Ann'),
          session_id: at.scene.id(ids.session),
          user_id: at.scene.id('learner Ann'),
          status: 'confirmed',
          registration_method: 'online',
          requested_at: minuteText(1),
        }),
      ],
      outbox: [expect.anything()],
    });
    expect(announced(changes)).toEqual([outcome('registered', 'Ann', 'automatic')]);
  });

  it('booking.requested for a full session waits', async () => {
    await schedule(1);
    await request('Ann', 1);
    const changes = await at.changesOf('booking.requested (A)', of('Ben', 2));
    expect(changes.training_booking).toEqual([row({ id: booking('Ben'), status: 'waitlist', waitlist_position: 1 })]);
    expect(announced(changes)).toEqual([outcome('waitlisted', 'Ben', 1)]);
  });

  it('booking.requested again is a no-op; another one of the learner is rejected', async () => {
    await schedule();
    await request('Ann', 1);
    expect(await at.changesOf('booking.requested (B, HEAD)', of('Ann', 2))).toEqual({});
    const second = at.scene.id('second booking');
    const changes = await at.changesOf('booking.requested (A)', {
      ...of('Ann', 3),
      ids: { ...of('Ann', 3).ids, [ids.booking]: second },
    });
    expect(changes.training_booking).toEqual([
      row({ id: second, status: 'rejected', rejection_reason: 'duplicate_booking' }),
    ]);
    expect(announced(changes)).toEqual([`nlj.training.outcomes rejected ${second} duplicate_booking`]);
  });

  it('booking.requested for a session that is cancelled, or over before the request, is rejected', async () => {
    await schedule();
    const afterwards = 60 * 24 * 60;
    const late = await at.changesOf('booking.requested (A)', of('Ann', afterwards));
    expect(announced(late)).toEqual([outcome('rejected', 'Ann', 'session_finished')]);
    await at.scene.send('session.cancelled (A)', { minute: 1 });
    const cancelled = await at.changesOf('booking.requested (A)', of('Ben', 2));
    expect(announced(cancelled)).toEqual([outcome('rejected', 'Ben', 'session_cancelled')]);
  });

  it('booking.requested for a session that is not known is decided when it arrives, in order of request time', async () => {
    await at.scene.send('program.created (A)');
    const early = await at.changesOf('booking.requested (A)', of('Ben', 2));
    expect(early.training_booking).toEqual([row({ status: 'requested' })]);
    expect(early).not.toHaveProperty('outbox');
    await request('Ann', 1);
    const arrival = await at.changesOf('session.scheduled (A)', { extensions: { capacity: 1 } });
    expect(announced(arrival)).toEqual([outcome('registered', 'Ann', 'automatic'), outcome('waitlisted', 'Ben', 1)]);
  });

  const confirmations: [string, string, Adaptation][] = [
    ['A', 'booking.confirmed (A)', {}],
    ['B', 'booking.confirmed (A)', { statement: managers('http://adlnet.gov/expapi/verbs/approved') }],
  ];
  it.each(confirmations)('booking.confirmed (%s) moves pending to confirmed', async (_, example, adaptation) => {
    await schedule(12, { requires_approval: true });
    const asked = await at.changesOf('booking.requested (A)', { minute: 1 });
    expect(asked).toEqual({ training_booking: [row({ status: 'pending' })] });
    const changes = await at.changesOf(example, { minute: 2, ...resolved(adaptation) });
    expect(changes.training_booking).toEqual([row({ id: at.scene.id(ids.booking), status: 'confirmed' })]);
    expect(announced(changes)).toEqual([`nlj.training.outcomes registered ${at.scene.id(ids.booking)} approval`]);
  });

  it('booking.waitlisted (A) from outside never demotes', async () => {
    await schedule();
    await at.scene.send('booking.requested (A)', { minute: 1 });
    expect(await at.changesOf('booking.waitlisted (A)', { minute: 2 })).toEqual({});
  });

  it.each(['A', 'B'])(
    'booking.cancelled (%s) frees the seat: the first who waits is promoted, the others move up',
    async (dialect) => {
      await schedule(1);
      await at.scene.send('booking.requested (A)', { minute: 1 });
      await request('Ben', 2);
      await request('Cid', 3);
      const shape = dialect === 'A' ? {} : resolved({ statement: managers('http://adlnet.gov/expapi/verbs/voided') });
      const changes = await at.changesOf('booking.cancelled (A)', { minute: 4, ...shape });
      expect(changes.training_booking).toHaveLength(3);
      expect(changes.training_booking).toEqual(
        expect.arrayContaining([
          row({ id: at.scene.id(ids.booking), status: 'cancelled', cancelled_at: minuteText(4) }),
          row({ id: booking('Ben'), status: 'confirmed', waitlist_position: null }),
          row({ id: booking('Cid'), status: 'waitlist', waitlist_position: 1 }),
        ]),
      );
      expect(announced(changes)).toEqual([outcome('registered', 'Ben', 'waitlist_promotion')]);
    },
  );

  it('booking.cancelled before its request leaves a cancelled row, which the request fills', async () => {
    await schedule();
    const early = await at.changesOf('booking.cancelled (A)', { minute: 2 });
    expect(early.training_booking).toEqual([row({ id: at.scene.id(ids.booking), status: 'cancelled' })]);
    const filled = await at.changesOf('booking.requested (A)', { minute: 1 });
    expect(filled).toEqual({ training_booking: [row({ status: 'cancelled', requested_at: minuteText(1) })] });
  });

  it('every decision is published under the session, in order, as it was decided', async () => {
    // The training function alone tells the relay.
    await setSchedules(at.run.environment, /OutboxRelay/, false);
    await schedule(1);
    await request('Ann', 1);
    await request('Ben', 2);
    await request('Cid', 3);
    await at.scene.send('booking.cancelled (A)', of('Ann', 4));
    await at.scene.send('session.cancelled (A)', { minute: 5 });
    const key = at.scene.id(ids.session);
    const messages = await publishedUnder(at.run, key);
    const { rows } = await at.run.pool.query<{ body: string }>(
      'select body::text as body from outbox where key = $1 order by sequence',
      [key],
    );
    expect([...new Set(messages.map(({ value }) => value))]).toEqual(rows.map(({ body }) => body));
    expect(rows).toHaveLength(6);
  });
});

/** What B's managers send: about the booking, with the session as parent. Its ids are the scene's once resolved. */
function managers(verb: string): Record<string, unknown> {
  return { verb: { id: verb, display: { 'en-US': 'x' } } };
}

function resolved({ statement = {} }: Adaptation): Adaptation {
  if (Object.keys(statement).length === 0) return {};
  return {
    statement: {
      ...statement,
      actor: { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: at.scene.id(ids.author) } },
      object: {
        objectType: 'Activity',
        id: `http://nlj.platform/training-bookings/${at.scene.id(ids.booking)}`,
        definition: { type: 'http://adlnet.gov/expapi/activities/lesson' },
      },
      context: {
        platform: 'NLJ Platform',
        extensions: { [`${ext}learner_id`]: at.scene.id(ids.learner), [`${ext}learner_name`]: 'Dana Okafor' },
        parent: { id: `http://nlj.platform/training-sessions/${at.scene.id(ids.session)}` },
      },
    },
  };
}
