import { eventName } from '../../../../functions/core/xapi/index.ts';
import { decideConflicts } from '../../../../functions/training/conflict.ts';
import { decideTraining } from '../../../../functions/training/decide.ts';
import type { BookingDecision, ConflictDecision } from '../../../../functions/training/decision.ts';
import { type Caused, isRecordEvent } from '../../../../functions/training/event.ts';
import { type EventReading, readEvent } from '../../../../functions/training/read-event.ts';
import { attendanceKey, decideRecords } from '../../../../functions/training/record.ts';
import type {
  AttendanceRow,
  BookingRow,
  CertificateRow,
  ConflictRow,
  ProgramRow,
  SessionRow,
} from '../../../../functions/training/rows.ts';
import { validated } from '../../../support/entries.ts';
import type { TrainingMessage } from '../../../support/training.ts';

/** How a message reads, through upcasting and validation. */
export function reading({ topic, statement }: TrainingMessage): EventReading {
  const { statement: body } = validated(statement, { topic });
  const { account } = body.actor;
  return readEvent({ event: eventName(topic, body), body, agentKey: `key of ${account?.name}` });
}

export function eventOf(message: TrainingMessage): Caused {
  const result = reading(message);
  if (result.kind !== 'event') throw new Error(JSON.stringify(result));
  return result.event;
}

/** The training tables in memory: everything is in reach of every chunk. */
export function world() {
  const programs = new Map<string, ProgramRow>();
  const sessions = new Map<string, SessionRow>();
  const bookings = new Map<string, BookingRow>();
  const conflicts = new Map<string, ConflictRow>();
  const attendance = new Map<string, AttendanceRow>();
  const certificates = new Map<string, CertificateRow>();
  const decisions: BookingDecision[] = [];
  const clashes: ConflictDecision[] = [];
  return {
    programs,
    sessions,
    bookings,
    conflicts,
    attendance,
    certificates,
    decisions,
    clashes,
    /** Decisions in the order made, as `<kind> <what> <booking>`. */
    told: (name: (id: string) => string) =>
      decisions.map((decision) => `${decision.kind} ${detail(decision)} ${name(decision.bookingId)}`),
    /** One chunk. */
    deliver(...messages: readonly TrainingMessage[]): void {
      const events = messages.map(reading).flatMap((result) => (result.kind === 'event' ? [result.event] : []));
      const changes = decideTraining({ programs, sessions, bookings }, events);
      for (const row of changes.programs) programs.set(row.id, row);
      for (const row of changes.sessions) sessions.set(row.id, row);
      for (const row of changes.bookings) bookings.set(row.id, row);
      decisions.push(...changes.decisions);
      const found = decideConflicts({ sessions, moved: changes.moved, known: [...conflicts.values()] });
      for (const row of found.conflicts) conflicts.set(row.id, row);
      clashes.push(...found.decisions);
      const records = decideRecords({ attendance, certificates }, events.filter(isRecordEvent));
      for (const row of records.attendance) attendance.set(attendanceKey(row.session_id, row.learner_key), row);
      for (const row of records.certificates) certificates.set(row.id, row);
    },
  };
}

export type World = ReturnType<typeof world>;

function detail(decision: BookingDecision): string {
  switch (decision.kind) {
    case 'confirmed':
      return decision.method;
    case 'waitlisted':
      return String(decision.position);
    default:
      return decision.reason;
  }
}
