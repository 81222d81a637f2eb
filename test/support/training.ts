import { randomUUID } from 'node:crypto';

const ext = 'http://nlj.platform/extensions/';
const adl = 'http://adlnet.gov/expapi/verbs/';
const nlj = 'http://nlj.platform/verbs/';

/** A training statement and the topic it is sent to. */
export interface TrainingMessage {
  readonly topic: string;
  readonly statement: Record<string, unknown> & { readonly id: string; readonly timestamp: string };
}

export interface MessageChanges {
  readonly id?: string;
  /** Minutes after the first of March 2026, 08:00 UTC. */
  readonly minute?: number;
  readonly actor?: unknown;
  readonly object?: unknown;
  readonly result?: unknown;
  /** Extensions by their short names; undefined removes one. */
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The time of a minute, as statements have it. */
export function at(minute: number): string {
  return new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();
}

export function user(id: string): Record<string, unknown> {
  return { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: id } };
}

interface Event {
  readonly topic: string;
  readonly verb: string;
  readonly actor?: unknown;
  readonly path: string;
  readonly type: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
}

function message(event: Event, changes: MessageChanges): TrainingMessage {
  const extensions = Object.entries({ ...event.extensions, ...changes.with })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [ext + name, value]);
  const result = changes.result ?? event.result;
  return {
    topic: event.topic,
    statement: {
      id: changes.id ?? randomUUID(),
      version: '1.0.3',
      timestamp: at(changes.minute ?? 0),
      // Somebody else each time: transactions of one person wait for each other, which would hide what locks are for.
      actor: changes.actor ?? event.actor ?? user(randomUUID()),
      verb: { id: event.verb },
      object: changes.object ?? {
        objectType: 'Activity',
        id: `http://nlj.platform/${event.path}`,
        definition: { type: event.type, name: { 'en-US': 'Forklift Safety Refresher' } },
      },
      ...(result === undefined ? {} : { result }),
      context: { platform: 'NLJ Platform', extensions: Object.fromEntries(extensions) },
    },
  };
}

const meeting = 'http://adlnet.gov/expapi/activities/meeting';
const course = 'http://adlnet.gov/expapi/activities/course';

export function programCreated(program: string, changes: MessageChanges = {}): TrainingMessage {
  const event = { topic: 'nlj.training.programs', verb: 'http://activitystrea.ms/schema/1.0/author', type: course };
  return message({ ...event, path: `training-programs/${program}`, extensions: {} }, changes);
}

export function programPublished(program: string, changes: MessageChanges = {}): TrainingMessage {
  const event = { topic: 'nlj.training.programs', verb: `${nlj}published`, type: course };
  return message({ ...event, path: `training-programs/${program}`, extensions: {} }, changes);
}

/** Seats for 2, two hours from the next day on, unless changed. */
export function sessionScheduled(session: string, changes: MessageChanges = {}): TrainingMessage {
  const event = { topic: 'nlj.training.sessions', verb: 'http://activitystrea.ms/schema/1.0/schedule', type: meeting };
  const extensions = { start_time: at(1440), end_time: at(1560), capacity: 2 };
  return message({ ...event, path: `training-sessions/${session}`, extensions }, changes);
}

export function sessionCancelled(session: string, changes: MessageChanges = {}): TrainingMessage {
  const event = { topic: 'nlj.training.sessions', verb: `${nlj}cancelled`, type: meeting };
  return message({ ...event, path: `training-sessions/${session}`, extensions: {} }, changes);
}

const bookings = { topic: 'nlj.training.bookings', type: meeting };

export function bookingRequested(
  booking: string,
  session: string,
  learner: string,
  changes: MessageChanges = {},
): TrainingMessage {
  return message(
    {
      ...bookings,
      verb: `${adl}asked`,
      actor: user(learner),
      path: `training-sessions/${session}`,
      extensions: { booking_id: booking },
    },
    changes,
  );
}

export function bookingConfirmed(booking: string, session: string, changes: MessageChanges = {}): TrainingMessage {
  const extensions = { booking_id: booking, confirmation_method: 'approval' };
  return message({ ...bookings, verb: `${adl}registered`, path: `training-sessions/${session}`, extensions }, changes);
}

export function bookingWaitlisted(booking: string, session: string, changes: MessageChanges = {}): TrainingMessage {
  const extensions = { booking_id: booking, waitlist_position: 7 };
  return message({ ...bookings, verb: `${nlj}waitlisted`, path: `training-sessions/${session}`, extensions }, changes);
}

export function bookingCancelled(booking: string, session: string, changes: MessageChanges = {}): TrainingMessage {
  const extensions = { booking_id: booking, cancellation_reason: 'learner_request' };
  return message({ ...bookings, verb: `${nlj}cancelled`, path: `training-sessions/${session}`, extensions }, changes);
}

/** A booking as the object of its own event, as the later producers send it. */
export function bookingObject(booking: string): Record<string, unknown> {
  return { objectType: 'Activity', id: `http://nlj.platform/training-bookings/${booking}` };
}

const attendance = { topic: 'nlj.training.attendance', type: meeting };

export function checkedIn(session: string, learner: string, changes: MessageChanges = {}): TrainingMessage {
  const extensions = { check_in_time: at(1435), check_in_method: 'manual' };
  return message(
    { ...attendance, verb: `${nlj}checked-in`, actor: user(learner), path: `training-sessions/${session}`, extensions },
    changes,
  );
}

export function attended(session: string, learner: string, changes: MessageChanges = {}): TrainingMessage {
  return message(
    {
      ...attendance,
      verb: `${adl}attended`,
      actor: user(learner),
      path: `training-sessions/${session}`,
      extensions: { completion_percentage: 95.8, duration_minutes: 115 },
      result: { score: { scaled: 0.92 } },
    },
    changes,
  );
}

export function certificateEarned(certificate: string, learner: string, changes: MessageChanges = {}): TrainingMessage {
  return message(
    {
      topic: 'nlj.training.certificates',
      verb: 'http://id.tincanapi.com/verb/earned',
      type: `http://activitystrea.ms/schema/1.0/badge`,
      actor: user(learner),
      path: `certificates/${certificate}`,
      extensions: { completion_date: at(1560) },
    },
    changes,
  );
}
