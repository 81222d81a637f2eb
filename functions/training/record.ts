import type { AttendanceCompleted, Caused, CertificateEarned, CheckedIn, RecordEvent } from './event.ts';
import { type AttendanceRow, type CertificateRow, emptyAttendance, emptyCertificate } from './rows.ts';
import { assign } from './stamp.ts';

/** Percentage from which a session counts as completed. */
const completedFrom = 80;

/** attendance.checked_in. */
export function checkedIn(row: AttendanceRow, { cause, ...event }: Caused<CheckedIn>): AttendanceRow {
  return assign(
    row,
    {
      user_id: event.learner.userId ?? undefined,
      attended: true,
      check_in_time: event.checkInTime,
      check_in_method: event.method,
    },
    cause.stamp,
  );
}

/** attendance.completed: completed from 80 %; where no percentage was sent, as the result says. */
export function attendanceCompleted(
  row: AttendanceRow,
  { cause, ...event }: Caused<AttendanceCompleted>,
): AttendanceRow {
  const completed = event.percentage === undefined ? event.completed : event.percentage >= completedFrom;
  return assign(
    row,
    {
      user_id: event.learner.userId ?? undefined,
      attended: true,
      completion_percentage: event.percentage,
      completed,
      completion_time: completed === undefined ? undefined : completed ? cause.at : null,
      assessment_score: event.score,
      duration_minutes: event.durationMinutes,
    },
    cause.stamp,
  );
}

/** certificate.earned, on the attendance record. */
export function certificateIssued(row: AttendanceRow, { cause, ...event }: Caused<CertificateEarned>): AttendanceRow {
  const changes = {
    user_id: event.learner.userId ?? undefined,
    certificate_issued: true,
    certificate_issued_at: event.completionDate ?? cause.at,
  };
  return assign(row, changes, cause.stamp);
}

/** certificate.earned, on the certificate. */
export function certificateEarned(row: CertificateRow, { cause, ...event }: Caused<CertificateEarned>): CertificateRow {
  const changes = {
    title: event.title,
    program_id: event.programId,
    session_id: event.sessionId,
    learner_key: event.learner.key,
    user_id: event.learner.userId,
    completion_date: event.completionDate,
    expiry_date: event.expiryDate,
    certificate_url: event.url,
    earned_at: cause.at,
  };
  return assign(row, changes, cause.stamp);
}

export interface RecordState {
  /** By `attendanceKey`. */
  readonly attendance: ReadonlyMap<string, AttendanceRow>;
  readonly certificates: ReadonlyMap<string, CertificateRow>;
}

export interface RecordChanges {
  readonly attendance: readonly AttendanceRow[];
  readonly certificates: readonly CertificateRow[];
}

export function attendanceKey(sessionId: string, learnerKey: string): string {
  return `${sessionId} ${learnerKey}`;
}

/** What attendance and certificate events change; no order of events matters. */
export function decideRecords(state: RecordState, events: readonly Caused<RecordEvent>[]): RecordChanges {
  const attendance = new Map<string, AttendanceRow>();
  const certificates = new Map<string, CertificateRow>();
  const attend = (sessionId: string, event: Caused<RecordEvent>, change: (row: AttendanceRow) => AttendanceRow) => {
    const key = attendanceKey(sessionId, event.learner.key);
    const row = attendance.get(key) ?? state.attendance.get(key) ?? emptyAttendance(sessionId, event.learner.key);
    attendance.set(key, change(row));
  };
  for (const event of events) {
    if (event.type === 'attendance.checked_in') attend(event.sessionId, event, (row) => checkedIn(row, event));
    else if (event.type === 'attendance.completed') {
      attend(event.sessionId, event, (row) => attendanceCompleted(row, event));
    } else {
      const id = event.certificateId;
      const row = certificates.get(id) ?? state.certificates.get(id) ?? emptyCertificate(id);
      certificates.set(id, certificateEarned(row, event));
      if (event.sessionId !== undefined) attend(event.sessionId, event, (known) => certificateIssued(known, event));
    }
  }
  return { attendance: [...attendance.values()], certificates: [...certificates.values()] };
}
