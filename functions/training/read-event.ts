import type { StatementRow } from '../core/ledger/row.ts';
import { personOf, storable } from '../core/people/person.ts';
import { displayName, durationSeconds } from '../core/statement/reading.ts';
import { isUuid } from '../core/xapi/formats.ts';
import type { ValidationError } from '../core/xapi/index.ts';
import { entityId } from '../core/xapi/upcasting/rule.ts';
import type { Caused, Learner, TrainingEvent } from './event.ts';
import { extensionBroken, extensionsOf, RuleBroken, required } from './read-extensions.ts';
import { instant, stampOf } from './stamp.ts';

type Source = Pick<StatementRow, 'event' | 'body'> & { readonly agentKey?: string | null };

/** What became of reading a statement. `none`: an event that changes no training table. */
export type EventReading =
  | { readonly kind: 'event'; readonly event: Caused }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly error: ValidationError };

/** The event of a statement; refused where the statement lacks what the event cannot do without, or breaks a rule. */
export function readEvent(source: Source): EventReading {
  try {
    const event = read(source);
    if (event === null) return { kind: 'none' };
    const { id, timestamp } = source.body;
    const cause = { id, timestamp, at: instant(timestamp), stamp: stampOf({ id, timestamp }) };
    return { kind: 'event', event: { ...event, cause } };
  } catch (error) {
    if (error instanceof RuleBroken) return { kind: 'refused', error: error.error };
    throw error;
  }
}

function read(source: Source): TrainingEvent | null {
  const { body } = source;
  const extensions = extensionsOf(body);
  switch (source.event) {
    case 'program.created':
      return {
        type: 'program.created',
        programId: objectId(body, 'training-programs'),
        title: text(body, 'name'),
        description: text(body, 'description'),
        durationMinutes: duration(extensions.number('duration_minutes')),
        learningObjectives: extensions.texts('learning_objectives') ?? undefined,
        prerequisites: extensions.uuids('prerequisites') ?? undefined,
        requiresApproval: extensions.boolean('requires_approval') ?? undefined,
        createdBy: userId(body),
      };
    case 'program.published':
      return { type: 'program.published', programId: objectId(body, 'training-programs') };
    case 'session.scheduled':
      return scheduled(body);
    case 'session.cancelled':
      return {
        type: 'session.cancelled',
        sessionId: objectId(body, 'training-sessions'),
        cancelledAt: extensions.instant('cancelled_at') ?? undefined,
        reason: extensions.text('cancellation_reason') ?? null,
      };
    case 'booking.requested':
      return {
        type: 'booking.requested',
        bookingId: required('booking_id', extensions.uuid('booking_id')),
        sessionId: objectId(body, 'training-sessions'),
        learner: learnerOf(source),
        registrationMethod: extensions.text('registration_method') ?? 'online',
        specialRequirements: jsonText(extensions.raw('special_requirements')),
      };
    case 'booking.confirmed':
      return { type: 'booking.confirmed', ...bookingOf(body) };
    case 'booking.cancelled':
      return {
        type: 'booking.cancelled',
        ...bookingOf(body),
        cancelledBy: personId(extensions.raw('cancelled_by')),
        reason: extensions.text('cancellation_reason') ?? null,
      };
    case 'attendance.checked_in':
      return {
        type: 'attendance.checked_in',
        sessionId: objectId(body, 'training-sessions'),
        learner: learnerOf(source),
        checkInTime: extensions.instant('check_in_time') ?? instant(body.timestamp),
        method: extensions.text('check_in_method') ?? 'manual',
      };
    case 'attendance.completed':
      return {
        type: 'attendance.completed',
        sessionId: objectId(body, 'training-sessions'),
        learner: learnerOf(source),
        percentage: extensions.number('completion_percentage') ?? undefined,
        completed: body.result?.completion,
        score: body.result?.score?.scaled,
        durationMinutes: extensions.number('duration_minutes') ?? minutesOf(body.result?.duration),
      };
    case 'certificate.earned':
      return {
        type: 'certificate.earned',
        certificateId: objectId(body, 'certificates'),
        learner: learnerOf(source),
        title: text(body, 'name'),
        programId: extensions.uuid('program_id') ?? undefined,
        sessionId: extensions.uuid('session_id') ?? undefined,
        completionDate: extensions.instant('completion_date') ?? undefined,
        expiryDate: extensions.instant('expiry_date'),
        url: extensions.text('certificate_url'),
      };
    default:
      return null;
  }
}

function scheduled(body: StatementRow['body']): TrainingEvent {
  const extensions = extensionsOf(body);
  const startTime = required('start_time', extensions.instant('start_time'));
  const endTime = extensions.instant('end_time') ?? null;
  if (endTime !== null && startTime >= endTime) throw extensionBroken('end_time', endTime, 'session-times');
  return {
    type: 'session.scheduled',
    sessionId: objectId(body, 'training-sessions'),
    title: text(body, 'name'),
    programId: extensions.uuid('program_id'),
    startTime,
    endTime,
    capacity: seats('capacity', extensions.raw('capacity')),
    maxAttendees: maxAttendees(extensions.raw('max_attendees')),
    location: extensions.text('location'),
    instructorId: extensions.uuid('instructor_id'),
    timezone: extensions.text('timezone'),
  };
}

function seats(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw extensionBroken(name, value, 'session-capacity');
}

function maxAttendees(value: unknown): number | null | undefined {
  return value === undefined || value === null ? value : seats('max_attendees', value);
}

/** A year at most: what is longer is no session. */
const longestDuration = 366 * 24 * 60;

function duration(minutes: number | null | undefined): number | undefined {
  if (minutes === undefined || minutes === null) return undefined;
  if (minutes <= 0 || minutes > longestDuration) throw extensionBroken('duration_minutes', minutes);
  return minutes;
}

function objectIri(body: StatementRow['body']): string | undefined {
  return 'definition' in body.object || body.object.objectType === undefined || body.object.objectType === 'Activity'
    ? body.object.id
    : undefined;
}

function objectId(body: StatementRow['body'], kind: string): string {
  const id = entityId(objectIri(body), kind);
  if (id === undefined || !isUuid(id)) throw new RuleBroken('entity-id', ['object', 'id'], objectIri(body));
  return id.toLowerCase();
}

/** The booking by its extension, else as object; the session where it is the object. */
function bookingOf(body: StatementRow['body']) {
  const iri = objectIri(body);
  if (entityId(iri, 'training-bookings') !== undefined) {
    const object = objectId(body, 'training-bookings');
    return { bookingId: extensionsOf(body).uuid('booking_id') ?? object, sessionId: null };
  }
  const bookingId = required('booking_id', extensionsOf(body).uuid('booking_id'));
  return { bookingId, sessionId: objectId(body, 'training-sessions') };
}

/** @throws RuleBroken for a group without identifier and for the platform's own account. */
function learnerOf({ body, agentKey }: Source): Learner {
  const person = personOf(body.actor);
  if (person === null || person.userId === 'system') throw new RuleBroken('learner', ['actor'], body.actor);
  return { key: agentKey ?? '', userId: person.userId !== null && isUuid(person.userId) ? person.userId : null };
}

/** The acting NLJ user, where the account is one by its form. */
function userId(body: StatementRow['body']): string | undefined {
  const user = personOf(body.actor)?.userId;
  return user !== null && user !== undefined && isUuid(user) ? user.toLowerCase() : undefined;
}

/** Who cancelled: a user id or the platform. Anything else could be a name or a mailbox and is left to the ledger. */
function personId(value: unknown): string | null {
  return typeof value === 'string' && (isUuid(value) || value === 'system') ? value.toLowerCase() : null;
}

function text(body: StatementRow['body'], name: 'name' | 'description'): string | undefined {
  if (!('definition' in body.object)) return undefined;
  const shown = displayName(body.object.definition?.[name]);
  return shown === undefined ? undefined : storable(shown);
}

function jsonText(value: unknown): string | null {
  const empty = value === undefined || value === null || value === '';
  return empty || (typeof value === 'object' && Object.keys(value).length === 0) ? null : JSON.stringify(value);
}

function minutesOf(isoDuration: string | undefined): number | undefined {
  const seconds = isoDuration === undefined ? null : durationSeconds(isoDuration);
  return seconds === null ? undefined : seconds / 60;
}
