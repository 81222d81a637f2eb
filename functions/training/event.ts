/** Which statement an event is, and when. */
export interface Cause {
  readonly id: string;
  /** As the statement has it: an announcement repeats it. */
  readonly timestamp: string;
  /** The same in microseconds, comparable as text. */
  readonly at: string;
  readonly stamp: string;
}

/** A learner, without name or mailbox. */
export interface Learner {
  readonly key: string;
  readonly userId: string | null;
}

// A member that is undefined is one the event does not mention; null and an empty text mean "none".

export interface ProgramCreated {
  readonly type: 'program.created';
  readonly programId: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly durationMinutes: number | undefined;
  readonly learningObjectives: readonly string[] | undefined;
  readonly prerequisites: readonly string[] | undefined;
  readonly requiresApproval: boolean | undefined;
  readonly createdBy: string | undefined;
}

export interface ProgramPublished {
  readonly type: 'program.published';
  readonly programId: string;
}

export interface SessionScheduled {
  readonly type: 'session.scheduled';
  readonly sessionId: string;
  readonly title: string | undefined;
  readonly programId: string | null | undefined;
  readonly startTime: string;
  /** Null: to be estimated. */
  readonly endTime: string | null;
  readonly capacity: number;
  readonly maxAttendees: number | null | undefined;
  readonly location: string | null | undefined;
  readonly instructorId: string | null | undefined;
  readonly timezone: string | null | undefined;
}

export interface SessionCancelled {
  readonly type: 'session.cancelled';
  readonly sessionId: string;
  readonly cancelledAt: string | undefined;
  readonly reason: string | null;
}

export interface BookingRequested {
  readonly type: 'booking.requested';
  readonly bookingId: string;
  readonly sessionId: string;
  readonly learner: Learner;
  readonly registrationMethod: string;
  /** JSON text. */
  readonly specialRequirements: string | null;
}

export interface BookingConfirmed {
  readonly type: 'booking.confirmed';
  readonly bookingId: string;
  /** Null where the booking itself is the statement's object. */
  readonly sessionId: string | null;
}

export interface BookingCancelled {
  readonly type: 'booking.cancelled';
  readonly bookingId: string;
  readonly sessionId: string | null;
  readonly cancelledBy: string | null;
  readonly reason: string | null;
}

export interface CheckedIn {
  readonly type: 'attendance.checked_in';
  readonly sessionId: string;
  readonly learner: Learner;
  readonly checkInTime: string;
  readonly method: string;
}

export interface AttendanceCompleted {
  readonly type: 'attendance.completed';
  readonly sessionId: string;
  readonly learner: Learner;
  readonly percentage: number | undefined;
  readonly completed: boolean | undefined;
  readonly score: number | undefined;
  readonly durationMinutes: number | undefined;
}

export interface CertificateEarned {
  readonly type: 'certificate.earned';
  readonly certificateId: string;
  readonly learner: Learner;
  readonly title: string | undefined;
  readonly programId: string | undefined;
  readonly sessionId: string | undefined;
  readonly completionDate: string | undefined;
  readonly expiryDate: string | null | undefined;
  readonly url: string | null | undefined;
}

export type ProgramEvent = ProgramCreated | ProgramPublished;
export type SessionEvent = SessionScheduled | SessionCancelled;
export type BookingEvent = BookingRequested | BookingConfirmed | BookingCancelled;
export type RecordEvent = CheckedIn | AttendanceCompleted | CertificateEarned;

/** What a training statement says, in the terms of the tables. */
export type TrainingEvent = ProgramEvent | SessionEvent | BookingEvent | RecordEvent;

/** An event and its statement. */
export type Caused<Event extends TrainingEvent = TrainingEvent> = Event & { readonly cause: Cause };

/** An event of attendance or certificates: no seat and no session depends on it. */
export function isRecordEvent(event: Caused): event is Caused<RecordEvent> {
  return event.type.startsWith('attendance.') || event.type.startsWith('certificate.');
}
