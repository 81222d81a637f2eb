import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentProjection } from '../../functions/content/projection.ts';
import { writeChunk } from '../../functions/core/ledger/write.ts';
import { type EntityKind, entityKinds } from '../../functions/operations/show/request.ts';
import { show } from '../../functions/operations/show/show.ts';
import { entry } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { type Database, openDatabase } from './support/database.ts';

const ext = 'http://nlj.platform/extensions/';
const [program, session, other, first, second, generation] = Array.from({ length: 6 }, () => randomUUID());

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
  const insert = async (table: string, row: Record<string, unknown>) => {
    await database.pool.query(`insert into ${table} select * from json_populate_record(null::${table}, $1)`, [
      JSON.stringify({ set_by: {}, ...row }),
    ]);
  };
  await insert('training_program', {
    id: program,
    title: 'Forklift',
    is_published: true,
    description: 'Ask Dana Okafor',
  });
  const place = { program_id: program, location: 'Depot 4', capacity: 12, end_estimated: false, status: 'scheduled' };
  await insert('training_session', {
    id: session,
    start_time: '2026-09-02T13:00:00Z',
    cancellation_reason: 'Dana',
    ...place,
  });
  await insert('training_session', { id: other, start_time: '2026-09-02T14:00:00Z', ...place });
  const booking = { session_id: session, approved: false, special_requirements: { who: 'dana@example.org' } };
  await insert('training_booking', { id: first, status: 'confirmed', learner_key: 'v1.a', ...booking });
  await insert('training_booking', {
    id: second,
    status: 'waitlist',
    waitlist_position: 1,
    learner_key: 'v1.b',
    ...booking,
  });
  await insert('training_booking', { id: randomUUID(), status: 'cancelled', learner_key: 'v1.c', ...booking });
  await insert('attendance_record', {
    session_id: session,
    learner_key: 'v1.a',
    attended: true,
    check_in_time: '2026-09-02T12:55:00Z',
    completed: true,
    certificate_issued: false,
  });
  const [low, high] = [session ?? '', other ?? ''].sort();
  await insert('scheduling_conflict', {
    low_session_id: low,
    high_session_id: high,
    id: randomUUID(),
    conflict_type: 'location_conflict',
    state: 'open',
    detected_at: '2026-03-01T10:00:00Z',
    detected_by: randomUUID(),
  });
  await database.pool.query(`insert into outbox (statement_id, topic, key, body) values ($1, 't', $2, '{}')`, [
    randomUUID(),
    session,
  ]);
  const event = (verb: string, extensions: Record<string, unknown>) =>
    entry(
      statement({
        actor: { name: 'Dana Okafor', account: { homePage: 'http://nlj.platform', name: randomUUID() } },
        verb: { id: `http://nlj.platform/verbs/${verb}` },
        object: { id: `http://nlj.platform/content-generation-sessions/${generation}` },
        context: {
          extensions: Object.fromEntries(Object.entries(extensions).map(([name, value]) => [ext + name, value])),
        },
      }),
      { topic: 'nlj.content.generation' },
    );
  await writeChunk(database.ledger([contentProjection]), [
    event('generation-requested', { prompt_config: { generated_prompt_text: 'About Dana Okafor' } }),
    event('generation-failed', { error_message: 'dana@example.org', error_type: 'generation_error' }),
    event('reviewed', { review_status: 'rejected', reviewer_comments: 'Dana' }),
  ]);
});
afterAll(() => database.close());

const shown = (kind: EntityKind, id = '') => show({ kind, id }, database.pool);

describe('an entity is shown as it is', () => {
  it('session', async () => {
    expect(await shown('session', session)).toMatchObject({
      outcome: 'found',
      state: {
        id: session,
        status: 'scheduled',
        programId: program,
        capacity: 12,
        bookings: {
          counts: { confirmed: 1, waitlist: 1, cancelled: 1 },
          open: [
            { id: first, status: 'confirmed', waitlistPosition: null, learnerKey: 'v1.a' },
            { id: second, status: 'waitlist', waitlistPosition: 1, learnerKey: 'v1.b' },
          ],
        },
        attendance: { records: 1, checkedIn: 1, completed: 1, certificates: 0 },
        openConflicts: [{ type: 'location_conflict', withSession: other }],
        announcementsWaiting: 1,
      },
    });
  });

  it('booking', async () => {
    expect(await shown('booking', second)).toMatchObject({
      outcome: 'found',
      state: { id: second, status: 'waitlist', waitlistPosition: 1, sessionId: session, learnerKey: 'v1.b' },
    });
  });

  it('program', async () => {
    expect(await shown('program', program)).toMatchObject({
      outcome: 'found',
      state: { title: 'Forklift', isPublished: true, sessions: [{ id: session }, { id: other }] },
    });
  });

  it('generation', async () => {
    expect(await shown('generation', generation)).toMatchObject({
      outcome: 'found',
      state: {
        status: 'failed',
        attempt: 1,
        errorType: 'generation_error',
        events: expect.arrayContaining([expect.objectContaining({ kind: 'requested' })]),
        activities: { reviewed: 1 },
      },
    });
  });

  it('without what people wrote, names and e-mails', async () => {
    const ids = { session, booking: first, program, generation };
    for (const kind of entityKinds) {
      expect(JSON.stringify(await shown(kind, ids[kind]))).not.toMatch(/dana|okafor|@/i);
    }
  });
});

describe('where there is none', () => {
  it('says what else has the id', async () => {
    expect(await shown('session', first)).toEqual({
      outcome: 'not-found',
      kind: 'session',
      id: first,
      otherKinds: ['booking'],
    });
    expect(await shown('booking', generation)).toMatchObject({ otherKinds: ['generation'] });
  });

  it('says that nothing has it', async () => {
    const id = randomUUID();
    for (const kind of entityKinds)
      expect(await shown(kind, id)).toEqual({ outcome: 'not-found', kind, id, otherKinds: [] });
  });
});
