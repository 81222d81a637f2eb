import type { Stamps } from './stamp.ts';

/**
 * Rows of the training tables as deciders see them (migration 0005). Ids are uuids in lower case; times are ISO 8601 in
 * UTC with microseconds, so that they compare as text (`stamp.ts`).
 */
export interface ProgramRow {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly duration_minutes: number | null;
  readonly learning_objectives: readonly string[] | null;
  readonly prerequisites: readonly string[] | null;
  readonly requires_approval: boolean | null;
  readonly is_published: boolean;
  readonly published_at: string | null;
  /** User id of who created it. */
  readonly created_by: string | null;
  readonly created_at: string | null;
  readonly set_by: Stamps;
}

/** `expected`: something refers to it, its own event is not there yet. */
export type SessionStatus = 'expected' | 'scheduled' | 'cancelled';

export interface SessionRow {
  readonly id: string;
  readonly program_id: string | null;
  readonly title: string | null;
  /** Null exactly until a session.scheduled came. */
  readonly start_time: string | null;
  readonly end_time: string | null;
  /** The event named no end: start and the program's duration. */
  readonly end_estimated: boolean;
  readonly timezone: string | null;
  readonly location: string | null;
  readonly capacity: number | null;
  readonly max_attendees: number | null;
  readonly instructor_id: string | null;
  readonly status: SessionStatus;
  readonly cancelled_at: string | null;
  readonly cancellation_reason: string | null;
  readonly set_by: Stamps;
}

/** `expected`: something refers to it, its request is not there yet. `requested`: its session is not. */
export type BookingStatus = 'expected' | 'requested' | 'confirmed' | 'pending' | 'waitlist' | 'rejected' | 'cancelled';

export type RejectionReason = 'duplicate_booking' | 'session_cancelled' | 'session_finished';

export interface BookingRow {
  readonly id: string;
  readonly session_id: string | null;
  readonly learner_key: string | null;
  /** The learner's NLJ user id; null where the learner is known by another identifier. */
  readonly user_id: string | null;
  readonly status: BookingStatus;
  readonly waitlist_position: number | null;
  readonly registration_method: string | null;
  /** JSON text, as it was sent. */
  readonly special_requirements: string | null;
  readonly requested_at: string | null;
  /** The statement that requested it. */
  readonly request_id: string | null;
  /** An approval came, whether or not it could take effect. */
  readonly approved: boolean;
  readonly rejection_reason: RejectionReason | null;
  readonly cancelled_at: string | null;
  readonly cancelled_by: string | null;
  readonly cancellation_reason: string | null;
  readonly set_by: Stamps;
}

export interface AttendanceRow {
  readonly session_id: string;
  readonly learner_key: string;
  readonly user_id: string | null;
  readonly attended: boolean;
  readonly check_in_time: string | null;
  readonly check_in_method: string | null;
  readonly completion_percentage: number | null;
  readonly completed: boolean | null;
  readonly completion_time: string | null;
  readonly assessment_score: number | null;
  readonly duration_minutes: number | null;
  readonly certificate_issued: boolean;
  readonly certificate_issued_at: string | null;
  readonly set_by: Stamps;
}

export interface CertificateRow {
  readonly id: string;
  readonly title: string | null;
  readonly program_id: string | null;
  readonly session_id: string | null;
  readonly learner_key: string | null;
  readonly user_id: string | null;
  readonly completion_date: string | null;
  readonly expiry_date: string | null;
  readonly certificate_url: string | null;
  readonly earned_at: string | null;
  readonly set_by: Stamps;
}

export type ConflictType = 'location_conflict' | 'instructor_conflict';

export interface ConflictRow {
  readonly low_session_id: string;
  readonly high_session_id: string;
  readonly id: string;
  readonly conflict_type: ConflictType;
  readonly state: 'open' | 'closed';
  readonly detected_at: string;
  readonly detected_by: string;
  readonly closed_at: string | null;
}

/** Minutes that a session takes while its program's duration is unknown. */
export const defaultDurationMinutes = 120;

export function emptyProgram(id: string): ProgramRow {
  return {
    id,
    title: null,
    description: null,
    duration_minutes: null,
    learning_objectives: null,
    prerequisites: null,
    requires_approval: null,
    is_published: false,
    published_at: null,
    created_by: null,
    created_at: null,
    set_by: {},
  };
}

export function emptySession(id: string): SessionRow {
  return {
    id,
    program_id: null,
    title: null,
    start_time: null,
    end_time: null,
    end_estimated: false,
    timezone: null,
    location: null,
    capacity: null,
    max_attendees: null,
    instructor_id: null,
    status: 'expected',
    cancelled_at: null,
    cancellation_reason: null,
    set_by: {},
  };
}

export function emptyBooking(id: string): BookingRow {
  return {
    id,
    session_id: null,
    learner_key: null,
    user_id: null,
    status: 'expected',
    waitlist_position: null,
    registration_method: null,
    special_requirements: null,
    requested_at: null,
    request_id: null,
    approved: false,
    rejection_reason: null,
    cancelled_at: null,
    cancelled_by: null,
    cancellation_reason: null,
    set_by: {},
  };
}

export function emptyAttendance(sessionId: string, learnerKey: string): AttendanceRow {
  return {
    session_id: sessionId,
    learner_key: learnerKey,
    user_id: null,
    attended: false,
    check_in_time: null,
    check_in_method: null,
    completion_percentage: null,
    completed: null,
    completion_time: null,
    assessment_score: null,
    duration_minutes: null,
    certificate_issued: false,
    certificate_issued_at: null,
    set_by: {},
  };
}

export function emptyCertificate(id: string): CertificateRow {
  return {
    id,
    title: null,
    program_id: null,
    session_id: null,
    learner_key: null,
    user_id: null,
    completion_date: null,
    expiry_date: null,
    certificate_url: null,
    earned_at: null,
    set_by: {},
  };
}
