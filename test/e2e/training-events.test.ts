import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Changes, changesBy } from './support/business-tables.ts';
import { publishedUnder } from './support/published.ts';
import { openRun, type Run } from './support/run.ts';
import { type Adaptation, minuteText, openScene, type Scene } from './support/scene.ts';

/** Last digits of the examples' ids. */
const ids = {
  program: '0c9',
  session: '12d',
  booking: '191',
  learner: '065',
  author: '066',
  instructor: '067',
  certificate: '1f5',
};
const ext = 'http://nlj.platform/extensions/';

let run: Run;
let scene: Scene;
beforeAll(async () => {
  run = await openRun();
});
beforeEach(async () => {
  scene = await openScene(run);
});
afterAll(() => run.close());

const changesOf = (example: string, adaptation?: Adaptation) =>
  changesBy(run.pool, async () => {
    await scene.send(example, adaptation);
  });

const row = (columns: Record<string, unknown>) => expect.objectContaining(columns);

/** A session of a known program, with so many seats. */
async function schedule(capacity = 12, program: Record<string, unknown> = {}): Promise<void> {
  await scene.send('program.created (A)', { extensions: program });
  await scene.send('session.scheduled (A)', { extensions: { capacity } });
}

/** The booking of one of several learners of a scene. */
const booking = (learner: string): string => scene.id(`booking of ${learner}`);
const of = (learner: string, minute: number): Adaptation => ({
  minute,
  ids: { [ids.booking]: booking(learner), [ids.learner]: scene.id(`learner ${learner}`) },
});
const request = (learner: string, minute: number) => scene.send('booking.requested (A)', of(learner, minute));

/** What was decided, as `topic event booking detail`, in order. */
function announced({ outbox = [] }: Changes): string[] {
  return outbox.map(({ topic, key, body }) => {
    expect(key).toBe(scene.id(ids.session));
    const statement = JSON.parse(JSON.stringify(body));
    const value = (name: string) => statement.context.extensions[ext + name];
    const detail =
      value('confirmation_method') ??
      value('waitlist_position') ??
      value('rejection_reason') ??
      value('cancellation_reason') ??
      value('conflict_type');
    return `${topic} ${String(statement.verb.id).split('/').at(-1)} ${value('booking_id') ?? '-'} ${detail}`;
  });
}

const outcome = (verb: string, learner: string, detail: string | number) =>
  `nlj.training.outcomes ${verb} ${booking(learner)} ${detail}`;

describe('programs', () => {
  it('program.created (A) fills the row', async () => {
    expect(await changesOf('program.created (A)')).toEqual({
      training_program: [
        row({
          id: scene.id(ids.program),
          title: 'Forklift Safety Refresher',
          description: 'Two hour practical refresher',
          learning_objectives: ['Inspect a truck before use', 'Load within rated capacity'],
          prerequisites: [],
          requires_approval: null,
          is_published: false,
          created_by: scene.id(ids.author),
        }),
      ],
    });
  });

  it.each(['program.published (A)', 'program.published (B, HEAD)'])(
    '%s sets published and its time',
    async (example) => {
      await scene.send('program.created (A)');
      expect(await changesOf(example, { minute: 1 })).toEqual({
        training_program: [row({ title: 'Forklift Safety Refresher', is_published: true })],
      });
    },
  );

  it('program.published before program.created makes a row that the creation fills', async () => {
    expect(await changesOf('program.published (A)', { minute: 1 })).toEqual({
      training_program: [row({ id: scene.id(ids.program), is_published: true })],
    });
    expect(await changesOf('program.created (A)', { minute: 0 })).toEqual({
      training_program: [row({ title: 'Forklift Safety Refresher', is_published: true })],
    });
  });
});

describe('sessions', () => {
  it.each([
    ['session.scheduled (A)', '2025-09-02T15:00:00+00:00', false, ids.instructor],
    ['session.scheduled (B, HEAD)', '2025-09-02T15:00:00+00:00', true, ids.author],
  ])('%s fills the row', async (example, end, estimated, instructor) => {
    await scene.send('program.created (A)');
    expect(await changesOf(example)).toEqual({
      training_session: [
        row({
          id: scene.id(ids.session),
          program_id: scene.id(ids.program),
          start_time: '2025-09-02T13:00:00+00:00',
          end_time: end,
          end_estimated: estimated,
          location: scene.place,
          capacity: 12,
          instructor_id: scene.id(instructor),
          status: 'scheduled',
        }),
      ],
    });
  });

  it('an estimated end is computed anew when the program arrives', async () => {
    await scene.send('session.scheduled (B, HEAD)');
    const { training_session } = await changesOf('program.created (A)', { extensions: { duration_minutes: 90 } });
    expect(training_session).toEqual([row({ end_time: '2025-09-02T14:30:00+00:00', end_estimated: true })]);
  });

  it('session.scheduled at the place of another one at the same time is a conflict, reported once', async () => {
    await schedule();
    const other = scene.id('other session');
    const adaptation: Adaptation = {
      minute: 1,
      ids: { [ids.session]: other, [ids.instructor]: scene.id('other instructor') },
    };
    const changes = await changesOf('session.scheduled (A)', adaptation);
    expect(Object.keys(changes).sort()).toEqual(['outbox', 'scheduling_conflict', 'training_session']);
    const [low, high] = [scene.id(ids.session), other].sort();
    expect(changes.scheduling_conflict).toEqual([
      row({ low_session_id: low, high_session_id: high, conflict_type: 'location_conflict', state: 'open' }),
    ]);
    expect(changes.outbox).toEqual([row({ topic: 'nlj.training.conflicts', key: other })]);
    expect(await publishedUnder(run, other)).toHaveLength(1);
    expect(await changesOf('session.scheduled (A)', { ...adaptation, minute: 2 })).not.toHaveProperty('outbox');
  });

  it('session.cancelled (A) cancels its live bookings, announces each and closes its conflicts', async () => {
    await schedule(1);
    await request('Ann', 1);
    await request('Ben', 2);
    await scene.send('session.scheduled (A)', { minute: 3, ids: { [ids.session]: scene.id('other session') } });
    const changes = await changesOf('session.cancelled (A)', { minute: 4 });
    expect(changes.training_session).toEqual([
      row({ status: 'cancelled', cancellation_reason: 'Instructor unavailable' }),
    ]);
    expect(changes.training_booking).toHaveLength(2);
    for (const changed of changes.training_booking ?? []) {
      expect(changed).toMatchObject({
        status: 'cancelled',
        waitlist_position: null,
        cancellation_reason: 'session_cancelled',
      });
    }
    expect(changes.scheduling_conflict).toEqual([row({ state: 'closed' })]);
    expect(announced(changes)).toEqual([
      outcome('cancelled', 'Ann', 'session_cancelled'),
      outcome('cancelled', 'Ben', 'session_cancelled'),
    ]);
  });

  it('session.scheduled that ends before it starts is a dead letter by rule', async () => {
    expect(await changesOf('session.scheduled (A)', { extensions: { end_time: '2025-09-02T12:00:00Z' } })).toEqual({});
    const { rows } = await run.pool.query(
      `select class from dead_letter where topic = 'nlj.training.sessions' order by last_seen desc limit 1`,
    );
    expect(rows).toEqual([{ class: 'rule' }]);
  });
});

describe('bookings', () => {
  it.each(['booking.requested (A)', 'booking.requested (B, HEAD)'])('%s takes a free seat', async (example) => {
    await schedule();
    const changes = await changesOf(example, of('Ann', 1));
    expect(changes).toEqual({
      training_booking: [
        row({
          id: booking('Ann'),
          session_id: scene.id(ids.session),
          user_id: scene.id('learner Ann'),
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
    const changes = await changesOf('booking.requested (A)', of('Ben', 2));
    expect(changes.training_booking).toEqual([row({ id: booking('Ben'), status: 'waitlist', waitlist_position: 1 })]);
    expect(announced(changes)).toEqual([outcome('waitlisted', 'Ben', 1)]);
  });

  it('booking.requested again is a no-op; another one of the learner is rejected', async () => {
    await schedule();
    await request('Ann', 1);
    expect(await changesOf('booking.requested (B, HEAD)', of('Ann', 2))).toEqual({});
    const second = scene.id('second booking');
    const changes = await changesOf('booking.requested (A)', {
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
    const late = await changesOf('booking.requested (A)', of('Ann', afterwards));
    expect(announced(late)).toEqual([outcome('rejected', 'Ann', 'session_finished')]);
    await scene.send('session.cancelled (A)', { minute: 1 });
    const cancelled = await changesOf('booking.requested (A)', of('Ben', 2));
    expect(announced(cancelled)).toEqual([outcome('rejected', 'Ben', 'session_cancelled')]);
  });

  it('booking.requested for a session that is not known is decided when it arrives, in order of request time', async () => {
    await scene.send('program.created (A)');
    const early = await changesOf('booking.requested (A)', of('Ben', 2));
    expect(early.training_booking).toEqual([row({ status: 'requested' })]);
    expect(early).not.toHaveProperty('outbox');
    await request('Ann', 1);
    const arrival = await changesOf('session.scheduled (A)', { extensions: { capacity: 1 } });
    expect(announced(arrival)).toEqual([outcome('registered', 'Ann', 'automatic'), outcome('waitlisted', 'Ben', 1)]);
  });

  const confirmations: [string, string, Adaptation][] = [
    ['A', 'booking.confirmed (A)', {}],
    ['B', 'booking.confirmed (A)', { statement: managers('http://adlnet.gov/expapi/verbs/approved') }],
  ];
  it.each(confirmations)('booking.confirmed (%s) moves pending to confirmed', async (_, example, adaptation) => {
    await schedule(12, { requires_approval: true });
    const asked = await changesOf('booking.requested (A)', { minute: 1 });
    expect(asked).toEqual({ training_booking: [row({ status: 'pending' })] });
    const changes = await changesOf(example, { minute: 2, ...resolved(adaptation) });
    expect(changes.training_booking).toEqual([row({ id: scene.id(ids.booking), status: 'confirmed' })]);
    expect(announced(changes)).toEqual([`nlj.training.outcomes registered ${scene.id(ids.booking)} approval`]);
  });

  it('booking.waitlisted (A) from outside never demotes', async () => {
    await schedule();
    await scene.send('booking.requested (A)', { minute: 1 });
    expect(await changesOf('booking.waitlisted (A)', { minute: 2 })).toEqual({});
  });

  it.each(['A', 'B'])(
    'booking.cancelled (%s) frees the seat: the first who waits is promoted, the others move up',
    async (dialect) => {
      await schedule(1);
      await scene.send('booking.requested (A)', { minute: 1 });
      await request('Ben', 2);
      await request('Cid', 3);
      const shape = dialect === 'A' ? {} : resolved({ statement: managers('http://adlnet.gov/expapi/verbs/voided') });
      const changes = await changesOf('booking.cancelled (A)', { minute: 4, ...shape });
      expect(changes.training_booking).toHaveLength(3);
      expect(changes.training_booking).toEqual(
        expect.arrayContaining([
          row({ id: scene.id(ids.booking), status: 'cancelled', cancelled_at: minuteText(4) }),
          row({ id: booking('Ben'), status: 'confirmed', waitlist_position: null }),
          row({ id: booking('Cid'), status: 'waitlist', waitlist_position: 1 }),
        ]),
      );
      expect(announced(changes)).toEqual([outcome('registered', 'Ben', 'waitlist_promotion')]);
    },
  );

  it('booking.cancelled before its request leaves a cancelled row, which the request fills', async () => {
    await schedule();
    const early = await changesOf('booking.cancelled (A)', { minute: 2 });
    expect(early.training_booking).toEqual([row({ id: scene.id(ids.booking), status: 'cancelled' })]);
    const filled = await changesOf('booking.requested (A)', { minute: 1 });
    expect(filled).toEqual({ training_booking: [row({ status: 'cancelled', requested_at: minuteText(1) })] });
  });

  it('every decision is published under the session, in order, as it was decided', async () => {
    await schedule(1);
    await request('Ann', 1);
    await request('Ben', 2);
    await request('Cid', 3);
    await scene.send('booking.cancelled (A)', of('Ann', 4));
    await scene.send('session.cancelled (A)', { minute: 5 });
    const key = scene.id(ids.session);
    const messages = await publishedUnder(run, key);
    const { rows } = await run.pool.query<{ body: string }>(
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
      actor: { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: scene.id(ids.author) } },
      object: {
        objectType: 'Activity',
        id: `http://nlj.platform/training-bookings/${scene.id(ids.booking)}`,
        definition: { type: 'http://adlnet.gov/expapi/activities/lesson' },
      },
      context: {
        platform: 'NLJ Platform',
        extensions: { [`${ext}learner_id`]: scene.id(ids.learner), [`${ext}learner_name`]: 'Dana Okafor' },
        parent: { id: `http://nlj.platform/training-sessions/${scene.id(ids.session)}` },
      },
    },
  };
}

describe('attendance and certificates', () => {
  const attendance = (columns: Record<string, unknown>) => ({
    attendance_record: [row({ session_id: scene.id(ids.session), user_id: scene.id(ids.learner), ...columns })],
  });

  it.each(['A', 'B'])('attendance.checked_in (%s), before any booking, records arrival', async (dialect) => {
    const verb = { id: 'http://adlnet.gov/expapi/verbs/attended', display: { 'en-US': 'attended' } };
    const adaptation = dialect === 'A' ? {} : { statement: { verb } };
    expect(await changesOf('attendance.checked_in (A)', adaptation)).toEqual(
      attendance({
        attended: true,
        check_in_time: '2025-09-02T12:55:00+00:00',
        check_in_method: 'manual',
        completed: null,
      }),
    );
  });

  it.each(['A', 'B'])('attendance.completed (%s) is completed from 80 %%', async (dialect) => {
    const shape = (percentage: number): Adaptation =>
      dialect === 'A'
        ? { extensions: { completion_percentage: percentage } }
        : {
            statement: {
              verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { 'en-US': 'completed' } },
              result: { completion: true, extensions: { [`${ext}attendance_percentage`]: percentage } },
              context: { platform: 'NLJ Platform' },
            },
          };
    await scene.send('attendance.checked_in (A)');
    expect(await changesOf('attendance.completed (A)', { minute: 1, ...shape(79) })).toEqual(
      attendance({ completion_percentage: 79, completed: false, check_in_method: 'manual' }),
    );
    expect(await changesOf('attendance.completed (A)', { minute: 2, ...shape(80) })).toEqual(
      attendance({ completion_percentage: 80, completed: true, completion_time: minuteText(2) }),
    );
  });

  it('certificate.earned (A) adds the certificate and marks the attendance record', async () => {
    await scene.send('attendance.checked_in (A)');
    expect(await changesOf('certificate.earned (A)', { minute: 1 })).toEqual({
      ...attendance({ certificate_issued: true, attended: true }),
      certificate: [
        row({
          id: scene.id(ids.certificate),
          title: 'Forklift Safety 2025',
          program_id: scene.id(ids.program),
          session_id: scene.id(ids.session),
          user_id: scene.id(ids.learner),
          completion_date: '2025-09-02T15:00:00+00:00',
          expiry_date: null,
        }),
      ],
    });
  });
});
