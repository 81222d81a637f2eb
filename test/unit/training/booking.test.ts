import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  bookingCancelled,
  bookingConfirmed,
  bookingObject,
  bookingRequested,
  bookingWaitlisted,
  programCreated,
  sessionCancelled,
  sessionScheduled,
} from '../../support/training.ts';
import { world } from './support/world.ts';

const session = randomUUID();
const program = randomUUID();
const [ann, ben, cho, dan] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const [a, b, c, d] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const names = new Map<string, string>([
  [a, 'a'],
  [b, 'b'],
  [c, 'c'],
  [d, 'd'],
]);
const name = (id: string): string => names.get(id) ?? id;

/** A session with seats for two, `a` and `b` on them, `c` waiting. */
function fullSession(capacity = 2) {
  const training = world();
  training.deliver(sessionScheduled(session, { minute: 0, with: { capacity } }));
  training.deliver(bookingRequested(a, session, ann, { minute: 1 }));
  training.deliver(bookingRequested(b, session, ben, { minute: 2 }));
  training.deliver(bookingRequested(c, session, cho, { minute: 3 }));
  return training;
}

function status(training: ReturnType<typeof world>, booking: string): string {
  const row = training.bookings.get(booking);
  return row === undefined ? 'absent' : `${row.status}${row.waitlist_position ?? ''}`;
}

const statuses = (training: ReturnType<typeof world>) => [a, b, c, d].map((id) => status(training, id)).join(' ');

describe('booking.requested', () => {
  it('is confirmed below the capacity, else put on the waitlist, and both are announced', () => {
    const training = fullSession();
    training.deliver(bookingRequested(d, session, dan, { minute: 4 }));
    expect(statuses(training)).toBe('confirmed confirmed waitlist1 waitlist2');
    expect(training.told(name)).toEqual([
      'confirmed automatic a',
      'confirmed automatic b',
      'waitlisted 1 c',
      'waitlisted 2 d',
    ]);
  });

  it('keeps who asked, how and for what, without a name', () => {
    const training = world();
    const wishes = { dietary: 'none' };
    training.deliver(bookingRequested(a, session, ann, { minute: 1, with: { special_requirements: wishes } }));
    expect(training.bookings.get(a)).toMatchObject({
      learner_key: `key of ${ann}`,
      user_id: ann,
      registration_method: 'online',
      special_requirements: '{"dietary":"none"}',
    });
  });

  it('counts max_attendees where it is set instead of the capacity', () => {
    const training = world();
    training.deliver(sessionScheduled(session, { with: { capacity: 2, max_attendees: 1 } }));
    training.deliver(
      bookingRequested(a, session, ann, { minute: 1 }),
      bookingRequested(b, session, ben, { minute: 2 }),
    );
    expect(statuses(training)).toBe('confirmed waitlist1 absent absent');
  });

  it('is pending where the program requires approval; nothing is announced until the approval', () => {
    const training = world();
    training.deliver(programCreated(program, { with: { requires_approval: true } }));
    training.deliver(sessionScheduled(session, { with: { program_id: program, capacity: 1 } }));
    training.deliver(bookingRequested(a, session, ann, { minute: 1 }));
    training.deliver(bookingRequested(b, session, ben, { minute: 2 }));
    expect(statuses(training)).toBe('pending waitlist1 absent absent');
    expect(training.told(name)).toEqual(['waitlisted 1 b']);
  });

  it('with a booking id that is known already changes nothing, whoever sends it', () => {
    const training = fullSession();
    training.deliver(bookingRequested(a, session, dan, { minute: 9 }));
    expect(training.bookings.get(a)?.user_id).toBe(ann);
    expect(training.decisions).toHaveLength(3);
  });

  it('of a learner with a live booking is rejected as duplicate_booking', () => {
    const training = fullSession();
    training.deliver(bookingRequested(d, session, cho, { minute: 4 }));
    expect(status(training, d)).toBe('rejected');
    expect(training.told(name).at(-1)).toBe('rejected duplicate_booking d');
  });

  it('of a learner whose booking was cancelled is decided anew', () => {
    const training = fullSession();
    training.deliver(bookingCancelled(a, session, { minute: 4 }));
    training.deliver(bookingRequested(d, session, ann, { minute: 5 }));
    expect(statuses(training)).toBe('cancelled confirmed confirmed waitlist1');
  });

  it('is rejected when the session is cancelled', () => {
    const training = world();
    training.deliver(sessionScheduled(session), sessionCancelled(session, { minute: 1 }));
    training.deliver(bookingRequested(a, session, ann, { minute: 0 }));
    expect(training.told(name)).toEqual(['rejected session_cancelled a']);
  });

  it('is rejected when the session had ended by the timestamp of the request, whatever the clock says', () => {
    const training = world();
    training.deliver(sessionScheduled(session));
    training.deliver(bookingRequested(a, session, ann, { minute: 1560 }));
    training.deliver(bookingRequested(b, session, ben, { minute: 1561 }));
    expect(training.told(name)).toEqual(['confirmed automatic a', 'rejected session_finished b']);
  });

  it('waits as requested for a session that is not known, and is decided in the order of request time', () => {
    const training = world();
    training.deliver(bookingRequested(c, session, cho, { minute: 3 }));
    training.deliver(bookingRequested(a, session, ann, { minute: 1 }));
    training.deliver(bookingRequested(b, session, ben, { minute: 2 }));
    expect(statuses(training)).toBe('requested requested requested absent');
    expect(training.decisions).toEqual([]);
    training.deliver(sessionScheduled(session, { minute: 60 }));
    expect(statuses(training)).toBe('confirmed confirmed waitlist1 absent');
    expect(training.told(name)).toEqual(['confirmed automatic a', 'confirmed automatic b', 'waitlisted 1 c']);
  });

  it('of the same time is decided in the order of statement ids', () => {
    const training = world();
    const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
    training.deliver(
      bookingRequested(a, session, ann, { id: id(2) }),
      bookingRequested(b, session, ben, { id: id(1) }),
    );
    training.deliver(sessionScheduled(session, { minute: 60, with: { capacity: 1 } }));
    expect(statuses(training)).toBe('waitlist1 confirmed absent absent');
  });

  it('for a session whose cancellation came before its own event is rejected at once', () => {
    const training = world();
    training.deliver(bookingRequested(a, session, ann, { minute: 1 }));
    training.deliver(sessionCancelled(session, { minute: 2 }));
    training.deliver(bookingRequested(b, session, ben, { minute: 3 }));
    training.deliver(sessionScheduled(session, { minute: 0 }));
    expect(training.told(name)).toEqual(['rejected session_cancelled a', 'rejected session_cancelled b']);
    expect(training.sessions.get(session)?.status).toBe('cancelled');
  });
});

describe('booking.confirmed from outside', () => {
  function pending(capacity = 1) {
    const training = world();
    training.deliver(programCreated(program, { with: { requires_approval: true } }));
    training.deliver(sessionScheduled(session, { with: { program_id: program, capacity } }));
    training.deliver(bookingRequested(a, session, ann, { minute: 1 }));
    training.deliver(bookingRequested(b, session, ben, { minute: 2 }));
    return training;
  }

  it('moves pending to confirmed and is announced as an approval', () => {
    const training = pending();
    training.deliver(bookingConfirmed(a, session, { minute: 3 }));
    expect(statuses(training)).toBe('confirmed waitlist1 absent absent');
    expect(training.told(name)).toEqual(['waitlisted 1 b', 'confirmed approval a']);
  });

  it('finds its booking by id where the booking is the object', () => {
    const training = pending();
    training.deliver(
      bookingConfirmed(a, session, { minute: 3, object: bookingObject(a), with: { booking_id: undefined } }),
    );
    expect(status(training, a)).toBe('confirmed');
  });

  it('never goes past the capacity; the approval takes effect when there is a seat', () => {
    const training = pending(2);
    training.deliver(bookingConfirmed(a, session, { minute: 3 }));
    training.deliver(sessionScheduled(session, { minute: 4, with: { program_id: program, capacity: 1 } }));
    training.deliver(bookingConfirmed(b, session, { minute: 5 }));
    expect(statuses(training)).toBe('confirmed pending absent absent');
    training.deliver(bookingCancelled(a, session, { minute: 6 }));
    expect(statuses(training)).toBe('cancelled confirmed absent absent');
    expect(training.told(name)).toEqual(['confirmed approval a', 'confirmed approval b']);
  });

  it('that comes before its request confirms it when it comes', () => {
    const training = world();
    training.deliver(
      bookingConfirmed(a, session, { minute: 3, object: bookingObject(a), with: { booking_id: undefined } }),
    );
    expect(status(training, a)).toBe('expected');
    training.deliver(programCreated(program, { with: { requires_approval: true } }));
    training.deliver(sessionScheduled(session, { with: { program_id: program } }));
    training.deliver(bookingRequested(a, session, ann, { minute: 1 }));
    expect(training.told(name)).toEqual(['confirmed approval a']);
  });

  it('of a waiting booking gives it no seat', () => {
    const training = fullSession();
    training.deliver(bookingConfirmed(c, session, { minute: 4 }));
    expect(statuses(training)).toBe('confirmed confirmed waitlist1 absent');
  });

  it('neither revives a cancelled booking nor repeats a confirmation', () => {
    const training = fullSession();
    training.deliver(bookingCancelled(c, session, { minute: 4 }));
    training.deliver(bookingConfirmed(c, session, { minute: 5 }), bookingConfirmed(a, session, { minute: 6 }));
    expect(statuses(training)).toBe('confirmed confirmed cancelled absent');
    expect(training.decisions).toHaveLength(3);
  });
});

it('booking.waitlisted from outside demotes nobody', () => {
  const training = fullSession();
  training.deliver(bookingWaitlisted(a, session, { minute: 5 }), bookingWaitlisted(d, session, { minute: 5 }));
  expect(statuses(training)).toBe('confirmed confirmed waitlist1 absent');
});

describe('booking.cancelled', () => {
  it('frees the seat: the first of the waitlist is promoted and announced, positions close up', () => {
    const training = fullSession();
    training.deliver(bookingRequested(d, session, dan, { minute: 4 }));
    training.deliver(bookingCancelled(a, session, { minute: 5 }));
    expect(statuses(training)).toBe('cancelled confirmed confirmed waitlist1');
    expect(training.told(name).at(-1)).toBe('confirmed waitlist_promotion c');
  });

  it('of a waiting booking closes the gap and promotes nobody', () => {
    const training = fullSession();
    training.deliver(bookingRequested(d, session, dan, { minute: 4 }));
    training.deliver(bookingCancelled(c, session, { minute: 5 }));
    expect(statuses(training)).toBe('confirmed confirmed cancelled waitlist1');
    expect(training.decisions).toHaveLength(4);
  });

  it('keeps who cancelled, when and why', () => {
    const training = fullSession();
    training.deliver(bookingCancelled(a, session, { minute: 5, with: { cancelled_by: ann } }));
    expect(training.bookings.get(a)).toMatchObject({
      cancelled_at: '2026-03-01T08:05:00.000000Z',
      cancelled_by: ann,
      cancellation_reason: 'learner_request',
    });
  });

  it('keeps a canceller only if it is a user id or the platform: anything else may be a name', () => {
    const training = fullSession();
    training.deliver(bookingCancelled(a, session, { minute: 5, with: { cancelled_by: 'Dana Okafor' } }));
    expect(training.bookings.get(a)?.cancelled_by).toBeNull();
  });

  it('that arrives before its request leaves a cancelled row, which the request fills without reviving it', () => {
    const training = world();
    training.deliver(sessionScheduled(session));
    training.deliver(bookingCancelled(a, session, { minute: 2 }));
    expect(training.bookings.get(a)).toMatchObject({ status: 'cancelled', request_id: null });
    training.deliver(bookingRequested(a, session, ann, { minute: 1 }));
    expect(training.bookings.get(a)).toMatchObject({
      status: 'cancelled',
      user_id: ann,
      registration_method: 'online',
    });
    expect(training.decisions).toEqual([]);
  });

  it('finds its booking by id where the booking is the object', () => {
    const training = fullSession();
    training.deliver(
      bookingCancelled(a, session, { minute: 5, object: bookingObject(a), with: { booking_id: undefined } }),
    );
    expect(statuses(training)).toBe('cancelled confirmed confirmed absent');
  });

  it('twice frees one seat', () => {
    const training = fullSession();
    training.deliver(bookingRequested(d, session, dan, { minute: 4 }));
    training.deliver(bookingCancelled(a, session, { minute: 5 }));
    training.deliver(bookingCancelled(a, session, { minute: 6 }));
    expect(statuses(training)).toBe('cancelled confirmed confirmed waitlist1');
  });

  it('promotes to pending where the program requires approval', () => {
    const training = world();
    training.deliver(programCreated(program, { with: { requires_approval: true } }));
    training.deliver(sessionScheduled(session, { with: { program_id: program, capacity: 1 } }));
    training.deliver(
      bookingRequested(a, session, ann, { minute: 1 }),
      bookingRequested(b, session, ben, { minute: 2 }),
    );
    training.deliver(bookingCancelled(a, session, { minute: 3 }));
    expect(statuses(training)).toBe('cancelled pending absent absent');
    training.deliver(bookingConfirmed(b, session, { minute: 4 }));
    expect(training.told(name)).toEqual(['waitlisted 1 b', 'confirmed approval b']);
  });
});

describe('a change of capacity', () => {
  it('promotes from the waitlist when it is raised', () => {
    const training = fullSession();
    training.deliver(bookingRequested(d, session, dan, { minute: 4 }));
    training.deliver(sessionScheduled(session, { minute: 5, with: { capacity: 3 } }));
    expect(statuses(training)).toBe('confirmed confirmed confirmed waitlist1');
    expect(training.told(name).at(-1)).toBe('confirmed waitlist_promotion c');
  });

  it('removes nobody when it is cut, and blocks new confirmations until seats are free again', () => {
    const training = fullSession();
    training.deliver(sessionScheduled(session, { minute: 5, with: { capacity: 1 } }));
    expect(statuses(training)).toBe('confirmed confirmed waitlist1 absent');
    training.deliver(bookingCancelled(a, session, { minute: 6 }));
    expect(statuses(training)).toBe('cancelled confirmed waitlist1 absent');
    training.deliver(bookingCancelled(b, session, { minute: 7 }));
    expect(statuses(training)).toBe('cancelled cancelled confirmed absent');
  });
});

describe('session.cancelled', () => {
  it('cancels the live bookings, announces each, and promotes nobody', () => {
    const training = fullSession();
    training.deliver(sessionCancelled(session, { minute: 9 }));
    expect(statuses(training)).toBe('cancelled cancelled cancelled absent');
    expect(training.told(name).slice(3)).toEqual([
      'cancelled session_cancelled a',
      'cancelled session_cancelled b',
      'cancelled session_cancelled c',
    ]);
    expect(training.bookings.get(a)?.cancellation_reason).toBe('session_cancelled');
  });

  it('a second time announces nothing', () => {
    const training = fullSession();
    training.deliver(sessionCancelled(session, { minute: 9 }));
    training.deliver(sessionCancelled(session, { minute: 10 }));
    expect(training.decisions).toHaveLength(6);
  });
});
