import { describe, expect, it } from 'vitest';
import { publishedUnder } from './support/published.ts';
import type { Adaptation } from './support/scene.ts';
import { ids, row, useTrainingScenes } from './support/training-scenes.ts';

const { at, schedule, request, announced, outcome } = useTrainingScenes();

describe('programs', () => {
  it('program.created (A) fills the row', async () => {
    expect(await at.changesOf('program.created (A)')).toEqual({
      training_program: [
        row({
          id: at.scene.id(ids.program),
          title: 'Forklift Safety Refresher',
          description: 'Two hour practical refresher',
          learning_objectives: ['Inspect a truck before use', 'Load within rated capacity'],
          prerequisites: [],
          requires_approval: null,
          is_published: false,
          created_by: at.scene.id(ids.author),
        }),
      ],
    });
  });

  it.each(['program.published (A)', 'program.published (B, HEAD)'])(
    '%s sets published and its time',
    async (example) => {
      await at.scene.send('program.created (A)');
      expect(await at.changesOf(example, { minute: 1 })).toEqual({
        training_program: [row({ title: 'Forklift Safety Refresher', is_published: true })],
      });
    },
  );

  it('program.published before program.created makes a row that the creation fills', async () => {
    expect(await at.changesOf('program.published (A)', { minute: 1 })).toEqual({
      training_program: [row({ id: at.scene.id(ids.program), is_published: true })],
    });
    expect(await at.changesOf('program.created (A)', { minute: 0 })).toEqual({
      training_program: [row({ title: 'Forklift Safety Refresher', is_published: true })],
    });
  });
});

describe('sessions', () => {
  it.each([
    ['session.scheduled (A)', '2025-09-02T15:00:00+00:00', false, ids.instructor],
    ['session.scheduled (B, HEAD)', '2025-09-02T15:00:00+00:00', true, ids.author],
  ])('%s fills the row', async (example, end, estimated, instructor) => {
    await at.scene.send('program.created (A)');
    expect(await at.changesOf(example)).toEqual({
      training_session: [
        row({
          id: at.scene.id(ids.session),
          program_id: at.scene.id(ids.program),
          start_time: '2025-09-02T13:00:00+00:00',
          end_time: end,
          end_estimated: estimated,
          location: at.scene.place,
          capacity: 12,
          instructor_id: at.scene.id(instructor),
          status: 'scheduled',
        }),
      ],
    });
  });

  it('an estimated end is computed anew when the program arrives', async () => {
    await at.scene.send('session.scheduled (B, HEAD)');
    const { training_session } = await at.changesOf('program.created (A)', { extensions: { duration_minutes: 90 } });
    expect(training_session).toEqual([row({ end_time: '2025-09-02T14:30:00+00:00', end_estimated: true })]);
  });

  it('session.scheduled at the place of another one at the same time is a conflict, reported once', async () => {
    await schedule();
    const other = at.scene.id('other session');
    const adaptation: Adaptation = {
      minute: 1,
      ids: { [ids.session]: other, [ids.instructor]: at.scene.id('other instructor') },
    };
    const changes = await at.changesOf('session.scheduled (A)', adaptation);
    expect(Object.keys(changes).sort()).toEqual(['outbox', 'scheduling_conflict', 'training_session']);
    const [low, high] = [at.scene.id(ids.session), other].sort();
    expect(changes.scheduling_conflict).toEqual([
      row({ low_session_id: low, high_session_id: high, conflict_type: 'location_conflict', state: 'open' }),
    ]);
    expect(changes.outbox).toEqual([row({ topic: 'nlj.training.conflicts', key: other })]);
    expect(await publishedUnder(at.run, other)).toHaveLength(1);
    expect(await at.changesOf('session.scheduled (A)', { ...adaptation, minute: 2 })).not.toHaveProperty('outbox');
  });

  it('session.cancelled (A) cancels its live bookings, announces each and closes its conflicts', async () => {
    await schedule(1);
    await request('Ann', 1);
    await request('Ben', 2);
    await at.scene.send('session.scheduled (A)', { minute: 3, ids: { [ids.session]: at.scene.id('other session') } });
    const changes = await at.changesOf('session.cancelled (A)', { minute: 4 });
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
    expect(await at.changesOf('session.scheduled (A)', { extensions: { end_time: '2025-09-02T12:00:00Z' } })).toEqual(
      {},
    );
    const { rows } = await at.run.pool.query(
      `select class from dead_letter where topic = 'nlj.training.sessions' order by last_seen desc limit 1`,
    );
    expect(rows).toEqual([{ class: 'rule' }]);
  });
});
