import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { at, programCreated, programPublished, sessionCancelled, sessionScheduled } from '../../support/training.ts';
import { world } from './support/world.ts';

const session = randomUUID();
const program = randomUUID();
const stored = (minute: number): string => at(minute).replace('.000Z', '.000000Z');

describe('program.created', () => {
  it('fills the row, requires_approval where it was sent', () => {
    const training = world();
    const extensions = {
      requires_approval: true,
      duration_minutes: 90,
      learning_objectives: ['Load'],
      prerequisites: [session],
    };
    training.deliver(programCreated(program, { with: extensions }));
    expect(training.programs.get(program)).toMatchObject({
      title: 'Forklift Safety Refresher',
      requires_approval: true,
      duration_minutes: 90,
      learning_objectives: ['Load'],
      prerequisites: [session],
      is_published: false,
    });
  });

  it('that is older than what is known sets only what nothing else has set', () => {
    const training = world();
    training.deliver(programCreated(program, { minute: 2, with: { duration_minutes: 90 } }));
    training.deliver(programCreated(program, { minute: 1, with: { duration_minutes: 60, requires_approval: true } }));
    expect(training.programs.get(program)).toMatchObject({ duration_minutes: 90, requires_approval: true });
  });
});

it('program.published sets published and its time, also before program.created', () => {
  const training = world();
  training.deliver(programPublished(program, { minute: 5 }));
  training.deliver(programCreated(program, { minute: 1 }));
  expect(training.programs.get(program)).toMatchObject({
    is_published: true,
    published_at: stored(5),
    title: 'Forklift Safety Refresher',
  });
});

describe('session.scheduled', () => {
  it('fills the row', () => {
    const training = world();
    const instructor = randomUUID();
    training.deliver(
      sessionScheduled(session, {
        with: {
          program_id: program,
          location: 'Depot 4',
          instructor_id: instructor,
          timezone: 'Europe/Oslo',
          max_attendees: 3,
        },
      }),
    );
    expect(training.sessions.get(session)).toMatchObject({
      status: 'scheduled',
      program_id: program,
      title: 'Forklift Safety Refresher',
      start_time: stored(1440),
      end_time: stored(1560),
      end_estimated: false,
      location: 'Depot 4',
      instructor_id: instructor,
      timezone: 'Europe/Oslo',
      capacity: 2,
      max_attendees: 3,
    });
  });

  it('changes what it mentions, unless a later event has set it', () => {
    const training = world();
    training.deliver(sessionScheduled(session, { minute: 1, with: { location: 'Depot 4' } }));
    training.deliver(sessionScheduled(session, { minute: 3, with: { capacity: 5 } }));
    training.deliver(sessionScheduled(session, { minute: 2, with: { capacity: 9, location: 'Depot 5' } }));
    expect(training.sessions.get(session)).toMatchObject({ capacity: 5, location: 'Depot 5' });
  });

  it('with an empty location or a null instructor takes them away', () => {
    const training = world();
    training.deliver(
      sessionScheduled(session, { minute: 1, with: { location: 'Depot 4', instructor_id: randomUUID() } }),
    );
    training.deliver(sessionScheduled(session, { minute: 2, with: { location: '', instructor_id: null } }));
    expect(training.sessions.get(session)).toMatchObject({ location: null, instructor_id: null });
  });

  it('without an end lasts as long as the program, 120 minutes while that is unknown', () => {
    const training = world();
    training.deliver(sessionScheduled(session, { with: { end_time: undefined, program_id: program } }));
    expect(training.sessions.get(session)).toMatchObject({ end_time: stored(1560), end_estimated: true });
    training.deliver(programCreated(program, { with: { duration_minutes: 45 } }));
    expect(training.sessions.get(session)).toMatchObject({ end_time: stored(1485), end_estimated: true });
  });

  it('keeps an end that was named when the program arrives', () => {
    const training = world();
    training.deliver(sessionScheduled(session, { with: { program_id: program } }));
    training.deliver(programCreated(program, { with: { duration_minutes: 45 } }));
    expect(training.sessions.get(session)).toMatchObject({ end_time: stored(1560), end_estimated: false });
  });

  it('at equal times the greater statement id wins', () => {
    const training = world();
    const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
    training.deliver(sessionScheduled(session, { id: id(2), with: { capacity: 2 } }));
    training.deliver(sessionScheduled(session, { id: id(1), with: { capacity: 9 } }));
    expect(training.sessions.get(session)?.capacity).toBe(2);
  });
});

describe('session.cancelled', () => {
  it('sets status, time and reason', () => {
    const training = world();
    training.deliver(sessionScheduled(session));
    training.deliver(
      sessionCancelled(session, { minute: 9, with: { cancellation_reason: 'Snow', cancelled_at: at(8) } }),
    );
    expect(training.sessions.get(session)).toMatchObject({
      status: 'cancelled',
      cancelled_at: stored(8),
      cancellation_reason: 'Snow',
    });
  });

  it('is final, whichever comes first', () => {
    const training = world();
    training.deliver(sessionCancelled(session, { minute: 5 }));
    training.deliver(sessionScheduled(session, { minute: 9 }));
    expect(training.sessions.get(session)).toMatchObject({ status: 'cancelled', capacity: 2 });
  });
});
