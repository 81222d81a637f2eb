import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { at, programCreated, sessionCancelled, sessionScheduled } from '../../support/training.ts';
import { world } from './support/world.ts';

const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];

function times(from: number, to: number, more: Readonly<Record<string, unknown>> = { location: 'Depot 4' }) {
  return { start_time: at(1440 + from), end_time: at(1440 + to), ...more };
}

const open = (training: ReturnType<typeof world>) =>
  [...training.conflicts.values()].filter(({ state }) => state === 'open');

describe('session.scheduled looks for conflicts', () => {
  it('of overlapping sessions at one place, and reports the pair once, as the later one', () => {
    const training = world();
    training.deliver(sessionScheduled(one, { minute: 1, with: times(0, 60) }));
    training.deliver(sessionScheduled(two, { minute: 2, with: times(59, 90) }));
    expect(open(training)).toHaveLength(1);
    expect(training.clashes).toMatchObject([{ type: 'location_conflict', sessionId: two, otherSessionId: one }]);
    training.deliver(sessionScheduled(one, { minute: 3, with: times(0, 61) }));
    expect(training.clashes).toHaveLength(1);
  });

  it('of one instructor at two places', () => {
    const training = world();
    const instructor_id = randomUUID();
    training.deliver(sessionScheduled(one, { with: times(0, 60, { location: 'Depot 4', instructor_id }) }));
    training.deliver(sessionScheduled(two, { with: times(30, 90, { location: 'Depot 5', instructor_id }) }));
    expect(training.clashes).toMatchObject([{ type: 'instructor_conflict' }]);
  });

  it('and finds none where one ends as the other begins, at no place, or at different ones', () => {
    const training = world();
    training.deliver(sessionScheduled(one, { with: times(0, 60) }), sessionScheduled(two, { with: times(60, 90) }));
    training.deliver(sessionScheduled(three, { with: times(0, 90, { location: 'Depot 5' }) }));
    training.deliver(sessionScheduled(randomUUID(), { with: times(0, 90, { location: '' }) }));
    training.deliver(sessionScheduled(randomUUID(), { with: times(0, 90, {}) }));
    expect(training.conflicts.size).toBe(0);
  });

  it('within one chunk', () => {
    const training = world();
    training.deliver(
      ...[one, two, three].map((id, index) => sessionScheduled(id, { minute: index, with: times(0, 60) })),
    );
    expect(training.clashes).toHaveLength(3);
    expect(training.clashes.map(({ cause }) => cause.at)).toEqual(training.clashes.map(({ cause }) => cause.at).sort());
  });

  it('and closes one whose overlap it ends; a new overlap of the pair is told again', () => {
    const training = world();
    training.deliver(sessionScheduled(one, { minute: 1, with: times(0, 60) }));
    training.deliver(sessionScheduled(two, { minute: 2, with: times(0, 60) }));
    training.deliver(sessionScheduled(two, { minute: 3, with: times(60, 90) }));
    expect([...training.conflicts.values()]).toMatchObject([
      { state: 'closed', closed_at: '2026-03-01T08:03:00.000000Z' },
    ]);
    training.deliver(sessionScheduled(two, { minute: 4, with: times(10, 90) }));
    expect([...training.conflicts.values()]).toMatchObject([{ state: 'open', closed_at: null }]);
    expect(training.clashes).toHaveLength(2);
  });

  it('and keeps one open that is now of the instructor alone', () => {
    const training = world();
    const instructor_id = randomUUID();
    training.deliver(sessionScheduled(one, { minute: 1, with: times(0, 60, { location: 'Depot 4', instructor_id }) }));
    training.deliver(sessionScheduled(two, { minute: 2, with: times(0, 60, { location: 'Depot 4', instructor_id }) }));
    training.deliver(sessionScheduled(two, { minute: 3, with: times(0, 60, { location: 'Depot 5' }) }));
    expect(open(training)).toMatchObject([{ conflict_type: 'instructor_conflict' }]);
    expect(training.clashes).toHaveLength(1);
  });
});

it('session.cancelled closes the open conflicts of the session', () => {
  const training = world();
  training.deliver(sessionScheduled(one, { minute: 1, with: times(0, 60) }));
  training.deliver(sessionScheduled(two, { minute: 2, with: times(0, 60) }));
  training.deliver(sessionCancelled(one, { minute: 3 }));
  expect([...training.conflicts.values()]).toMatchObject([{ state: 'closed' }]);
});

it('program.created opens and closes conflicts of sessions whose end is estimated by its duration', () => {
  const training = world();
  const program = randomUUID();
  const estimated = { end_time: undefined, program_id: program, location: 'Depot 4' };
  training.deliver(sessionScheduled(one, { minute: 1, with: { ...estimated, start_time: at(1440) } }));
  training.deliver(sessionScheduled(two, { minute: 2, with: { ...estimated, start_time: at(1440 + 130) } }));
  expect(training.conflicts.size).toBe(0);
  training.deliver(programCreated(program, { minute: 3, with: { duration_minutes: 140 } }));
  expect(open(training)).toHaveLength(1);
  training.deliver(programCreated(program, { minute: 4, with: { duration_minutes: 60 } }));
  expect(open(training)).toHaveLength(0);
});
