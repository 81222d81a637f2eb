import fc from 'fast-check';
import { v5 as uuidV5 } from 'uuid';
import {
  at,
  attended,
  bookingCancelled,
  bookingConfirmed,
  bookingObject,
  bookingRequested,
  bookingWaitlisted,
  certificateEarned,
  checkedIn,
  programCreated,
  programPublished,
  sessionCancelled,
  sessionScheduled,
  type TrainingMessage,
} from './training.ts';

const namespace = '7f3a0c52-1f0e-5c52-8f5a-0a1b2c3d4e5f';
const named = (kind: string) => (index: number) => uuidV5(`${kind} ${index}`, namespace);

/** The entities of histories, by their number. */
export const ids = {
  program: named('program'),
  session: named('session'),
  booking: named('booking'),
  learner: named('learner'),
  certificate: named('certificate'),
};

export interface HistoryOptions {
  readonly sessions: number;
  readonly learners: number;
  readonly events: number;
  /** Seats of a session are few and change, programs may require approval, sessions are cancelled. */
  readonly scarce: boolean;
}

/** Greatest capacity that a history gives a session. */
export const mostSeats = 4;

/** The booking of a learner's nth try at a session. */
function bookingOf(session: number, learner: number, attempt: number): string {
  return ids.booking(session * 10_000 + learner * 100 + attempt);
}

/** Random histories of training events; minutes are few, so that some events share their time and the id decides. */
export function histories({ sessions, learners, events, scarce }: HistoryOptions): fc.Arbitrary<TrainingMessage[]> {
  const common = {
    session: fc.nat(sessions - 1),
    learner: fc.nat(learners - 1),
    attempt: scarce ? fc.nat(2) : fc.constant(0),
    minute: fc.nat(400),
    number: fc.integer({ min: 1, max: mostSeats }),
    flag: fc.boolean(),
    id: fc.uuid({ version: 4 }),
  };
  const kinds = fc.constantFrom(
    ...([
      'requested',
      'requested',
      'requested',
      'requested',
      'cancelled',
      'cancelled',
      ...(scarce ? (['confirmed', 'waitlisted', 'session.cancelled'] as const) : []),
      'scheduled',
      'scheduled',
      'created',
      'published',
      'checked_in',
      'attended',
      'certificate',
    ] as const),
  );
  const event = fc
    .record({ kind: kinds, ...common })
    .map(({ kind, session, learner, attempt, minute, number, flag, id }) => {
      const booking = bookingOf(session, learner, attempt);
      const sessionId = ids.session(session);
      const learnerId = ids.learner(learner);
      const programId = ids.program(session % 2);
      // Where the booking is the object, the session is not named.
      const object = flag ? { object: bookingObject(booking) } : {};
      switch (kind) {
        case 'requested':
          return bookingRequested(booking, sessionId, learnerId, { id, minute });
        case 'cancelled':
          return bookingCancelled(booking, sessionId, { id, minute, ...object });
        case 'confirmed':
          return bookingConfirmed(booking, sessionId, { id, minute, ...object });
        case 'waitlisted':
          return bookingWaitlisted(booking, sessionId, { id, minute });
        case 'session.cancelled':
          // Rare, and late: else most bookings would be rejected.
          return number === 1 && minute > 300
            ? sessionCancelled(sessionId, { id, minute })
            : sessionScheduled(sessionId, { id, minute, with: { program_id: programId, capacity: number } });
        case 'scheduled':
          return sessionScheduled(sessionId, {
            id,
            minute,
            with: {
              program_id: programId,
              capacity: scarce ? number : 1000,
              location: flag ? 'Depot 4' : undefined,
              start_time: at(1440 + 30 * number),
              end_time: flag ? undefined : at(1440 + 30 * number + 45),
            },
          });
        case 'created':
          return programCreated(programId, {
            id,
            minute,
            with: {
              duration_minutes: flag ? 30 * number : undefined,
              requires_approval: scarce && session % 2 === 0 ? true : undefined,
            },
          });
        case 'published':
          return programPublished(programId, { id, minute });
        case 'checked_in':
          return checkedIn(sessionId, learnerId, { id, minute });
        case 'attended':
          return attended(sessionId, learnerId, { id, minute, with: { completion_percentage: 25 * number } });
        default:
          return certificateEarned(ids.certificate(session * 100 + learner), learnerId, {
            id,
            minute,
            with: { session_id: flag ? sessionId : undefined, program_id: programId },
          });
      }
    });
  return fc.array(event, { minLength: events, maxLength: events });
}
