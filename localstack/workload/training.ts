import { act, adl, type Below, extensions, learner, learners, madeUpId, nlj, oneOf } from './made-up.ts';
import type { OutgoingMessage } from './message.ts';

const programs = 8;
const sessions = 40;
const rooms = ['Depot 1', 'Depot 2', 'Depot 3', 'Depot 4'] as const;
/** Sessions lie in the time after the statements, some of them at the same place or with the same instructor at once. */
const firstSession = Date.UTC(2027, 2, 1, 9);
const hour = 3_600_000;

const kinds = [
  'program.created',
  'program.published',
  'session.scheduled',
  'session.scheduled',
  'session.scheduled',
  'session.cancelled',
  ...Array.from({ length: 9 }, () => 'booking.requested' as const),
  'booking.cancelled',
  'booking.cancelled',
  'booking.confirmed',
  'attendance.checked_in',
  'attendance.completed',
  'certificate.earned',
] as const;

/** What all messages about one session and learner have in common. */
interface Scene {
  readonly base: { readonly id: string; readonly version: string; readonly timestamp: string };
  readonly program: string;
  readonly number: number;
  readonly session: string;
  readonly person: number;
  readonly booking: string;
  /** Whether it comes from the younger producers (B of the examples). */
  readonly younger: boolean;
  readonly below: Below;
}

/** A made-up statement of the training topics, in the shape of one of the producer generations or the canonical one. */
export function trainingMessage(id: string, timestamp: string, below: Below): OutgoingMessage {
  const number = below(sessions);
  const person = below(learners);
  const scene: Scene = {
    base: { id, version: '1.0.3', timestamp },
    program: madeUpId('program', number % programs),
    number,
    session: madeUpId('session', number),
    person,
    booking: madeUpId('booking', `${number}/${person}`),
    younger: below(2) === 0,
    below,
  };
  const kind = oneOf(kinds, below);
  switch (kind) {
    case 'program.created':
    case 'program.published':
      return programMessage(scene, kind);
    case 'session.scheduled':
    case 'session.cancelled':
      return sessionMessage(scene, kind);
    case 'booking.requested':
    case 'booking.cancelled':
    case 'booking.confirmed':
      return bookingMessage(scene, kind);
    case 'certificate.earned':
      return certificateMessage(scene);
    default:
      return attendanceMessage(scene, kind);
  }
}

const instructor = (number: number) => learner(number % 6);

function programMessage(scene: Scene, kind: 'program.created' | 'program.published'): OutgoingMessage {
  const { base, program, younger } = scene;
  const created = kind === 'program.created';
  return message('nlj.training.programs', program, {
    ...base,
    actor: instructor(scene.number),
    verb: created ? verb(`${adl}authored`, 'authored') : verb(`${adl}${younger ? 'published' : 'shared'}`, 'published'),
    object: {
      ...activity(`training-programs/${program}`, 'course', 'Made-up programme'),
    },
    context: context(
      created
        ? { learning_objectives: ['Load within capacity'], prerequisites: [], duration_minutes: 90 }
        : younger
          ? { session_count: sessions / programs }
          : { target_audience: 'all' },
    ),
  });
}

function sessionMessage(scene: Scene, kind: 'session.scheduled' | 'session.cancelled'): OutgoingMessage {
  const { base, program, session, number, younger } = scene;
  const actor = instructor(number);
  if (kind === 'session.cancelled') {
    // Few of the sessions, so that most of the bookings stay.
    const cancelled = madeUpId('session', number % 3);
    return message('nlj.training.sessions', cancelled, {
      ...base,
      actor,
      verb: verb(`${adl}voided`, 'cancelled'),
      object: activity(`training-sessions/${cancelled}`, 'meeting'),
      context: context({ cancellation_reason: 'Made up', notify_learners: true }),
    });
  }
  const start = new Date(firstSession + Math.floor(number / 3) * hour);
  const location = rooms[number % rooms.length];
  const capacity = 4 + (number % 9);
  if (younger) {
    const [date, time] = start.toISOString().slice(0, 16).split('T');
    return message('nlj.training.sessions', session, {
      ...base,
      actor,
      verb: verb(`${adl}scheduled`, 'scheduled'),
      object: activity(`training-sessions/${session}`, 'lesson'),
      context: {
        ...context({ session_date: date, session_time: time, location, max_participants: capacity }),
        parent: { id: `http://nlj.platform/training-programs/${program}` },
      },
    });
  }
  return message('nlj.training.sessions', session, {
    ...base,
    actor,
    verb: verb('http://activitystrea.ms/schema/1.0/schedule', 'scheduled'),
    object: activity(`training-sessions/${session}`, 'meeting'),
    context: context({
      program_id: program,
      start_time: start.toISOString(),
      end_time: new Date(start.getTime() + 2 * hour).toISOString(),
      location,
      capacity,
      instructor_id: actor.account.name,
    }),
  });
}

function bookingMessage(
  scene: Scene,
  kind: 'booking.requested' | 'booking.cancelled' | 'booking.confirmed',
): OutgoingMessage {
  const { base, session, booking, person, younger } = scene;
  const actor = learner(person);
  const key = younger ? booking : `${session}:${actor.account.name}`;
  if (kind === 'booking.requested') {
    return message('nlj.training.bookings', key, {
      ...base,
      actor,
      verb: younger ? verb(`${adl}registered`, 'registered') : verb(`${adl}asked`, 'requested'),
      object: activity(`training-sessions/${session}`, younger ? 'lesson' : 'meeting'),
      context: context(
        younger
          ? { booking_id: booking, special_requirements: '' }
          : { booking_id: booking, registration_method: 'online', special_requirements: { dietary: 'none' } },
      ),
    });
  }
  const cancelled = kind === 'booking.cancelled';
  if (younger) {
    return message('nlj.training.bookings', booking, {
      ...base,
      actor: instructor(scene.number),
      verb: cancelled ? verb(`${adl}voided`, 'cancelled') : verb(`${adl}approved`, 'approved'),
      object: activity(`training-bookings/${booking}`, 'lesson'),
      context: {
        ...context({ learner_id: actor.account.name, learner_name: actor.name }),
        parent: { id: `http://nlj.platform/training-sessions/${session}` },
      },
    });
  }
  return message('nlj.training.bookings', key, {
    ...base,
    actor,
    verb: cancelled ? verb(`${adl}voided`, 'cancelled') : verb(`${adl}registered`, 'registered'),
    object: activity(`training-sessions/${session}`, 'meeting'),
    context: context(
      cancelled
        ? { booking_id: booking, cancelled_by: actor.account.name, refund_issued: false }
        : { booking_id: booking, confirmation_method: 'approval', confirmed_by: instructor(scene.number).account.name },
    ),
  });
}

function attendanceMessage(scene: Scene, kind: 'attendance.checked_in' | 'attendance.completed'): OutgoingMessage {
  const { base, session, person, below, younger } = scene;
  const actor = learner(person);
  const object = activity(`training-sessions/${session}`, 'meeting');
  const key = `${session}:${actor.account.name}`;
  if (kind === 'attendance.checked_in') {
    return message('nlj.training.attendance', key, {
      ...base,
      actor,
      verb: younger ? verb(`${adl}attended`, 'attended') : verb(`${nlj}checked-in`, 'checked in'),
      object,
      context: context({ check_in_time: base.timestamp, check_in_method: 'manual' }),
    });
  }
  const percentage = 40 + below(61);
  return message('nlj.training.attendance', key, {
    ...base,
    actor,
    verb: younger ? verb(`${adl}completed`, 'completed') : verb(`${adl}attended`, 'attended'),
    object,
    result: {
      completion: percentage >= 80,
      duration: `PT${percentage}M`,
      ...(younger
        ? { extensions: extensions({ completion_status: 'completed', attendance_percentage: percentage }) }
        : {}),
    },
    context: context(younger ? {} : { completion_percentage: percentage, duration_minutes: percentage }),
  });
}

function certificateMessage({ base, program, session, person, booking }: Scene): OutgoingMessage {
  const actor = learner(person);
  return message('nlj.training.certificates', `${program}:${actor.account.name}`, {
    ...base,
    actor,
    verb: verb(`${adl}earned`, 'earned'),
    object: activity(`certificates/${madeUpId('certificate', booking)}`, 'badge', 'Made-up certificate'),
    result: { completion: true, success: true },
    context: context({
      program_id: program,
      session_id: session,
      completion_date: base.timestamp,
      expiry_date: null,
      certificate_url: null,
    }),
  });
}

function activity(path: string, type: string, name = 'Made-up session') {
  return {
    objectType: 'Activity',
    id: `http://nlj.platform/${path}`,
    definition: { name: { 'en-US': name }, type: act + type },
  };
}

function context(values: Readonly<Record<string, unknown>>) {
  return { platform: 'NLJ Platform', extensions: extensions(values) };
}

function verb(id: string, display: string) {
  return { id, display: { 'en-US': display } };
}

function message(topic: string, key: string, statement: Record<string, unknown>): OutgoingMessage {
  return { topic, key: Buffer.from(key), value: Buffer.from(JSON.stringify(statement)) };
}
