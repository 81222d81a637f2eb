import type { Caused, ProgramCreated, ProgramPublished, SessionCancelled, SessionScheduled } from './event.ts';
import { defaultDurationMinutes, type ProgramRow, type SessionRow } from './rows.ts';
import { assign, isNews, minutesAfter } from './stamp.ts';

/** program.created: what it mentions. */
export function programCreated(row: ProgramRow, event: Caused<ProgramCreated>): ProgramRow {
  const changes = {
    title: event.title,
    description: event.description,
    duration_minutes: event.durationMinutes,
    learning_objectives: event.learningObjectives,
    prerequisites: event.prerequisites,
    requires_approval: event.requiresApproval,
    created_by: event.createdBy,
    created_at: event.cause.at,
  };
  return assign(row, changes, event.cause.stamp);
}

export function programPublished(row: ProgramRow, { cause }: Caused<ProgramPublished>): ProgramRow {
  return assign(row, { is_published: true, published_at: cause.at }, cause.stamp);
}

/** session.scheduled: what it mentions; start and end are one attribute, since an absent end is an estimated one. */
export function sessionScheduled(
  row: SessionRow,
  event: Caused<SessionScheduled>,
  durationOf: (programId: string | null) => number | null,
): SessionRow {
  const { stamp } = event.cause;
  const changes = {
    title: event.title,
    program_id: event.programId,
    capacity: event.capacity,
    max_attendees: event.maxAttendees,
    location: event.location,
    instructor_id: event.instructorId,
    timezone: event.timezone,
  };
  const changed = assign(row, changes, stamp);
  const timed = isNews(row, 'start_time', stamp)
    ? {
        ...changed,
        start_time: event.startTime,
        end_time: event.endTime,
        end_estimated: event.endTime === null,
        set_by: { ...changed.set_by, start_time: stamp },
      }
    : changed;
  const known: SessionRow = timed.status === 'expected' ? { ...timed, status: 'scheduled' } : timed;
  return withEstimatedEnd(known, durationOf(known.program_id));
}

/** session.cancelled: status, time and reason. It is final: no later event schedules the session again. */
export function sessionCancelled(row: SessionRow, event: Caused<SessionCancelled>): SessionRow {
  const changes = { cancelled_at: event.cancelledAt ?? event.cause.at, cancellation_reason: event.reason };
  return { ...assign(row, changes, event.cause.stamp), status: 'cancelled' };
}

/** The estimated end, derived from the start and the program's duration as far as they are known. */
export function withEstimatedEnd(row: SessionRow, durationMinutes: number | null): SessionRow {
  if (!row.end_estimated || row.start_time === null) return row;
  const end = minutesAfter(row.start_time, durationMinutes ?? defaultDurationMinutes);
  return end === row.end_time ? row : { ...row, end_time: end };
}
