import type { BookingDecision } from './decision.ts';
import type { BookingEvent, Cause, Caused, ProgramEvent, SessionEvent } from './event.ts';
import { Roster, type Seats } from './roster.ts';
import { type BookingRow, emptyBooking, emptyProgram, emptySession, type ProgramRow, type SessionRow } from './rows.ts';
import { programCreated, programPublished, sessionCancelled, sessionScheduled, withEstimatedEnd } from './session.ts';

/** The rows that a chunk's events touch; what is missing does not exist yet. */
export interface TrainingState {
  /** Programs that the events name, and those of the sessions. */
  readonly programs: ReadonlyMap<string, ProgramRow>;
  /** Sessions that the events name or their bookings belong to, and those of created programs with an estimated end. */
  readonly sessions: ReadonlyMap<string, SessionRow>;
  /** Bookings that the events name, and the live and the undecided ones of the sessions. */
  readonly bookings: ReadonlyMap<string, BookingRow>;
}

export interface TrainingChanges {
  readonly programs: readonly ProgramRow[];
  readonly sessions: readonly SessionRow[];
  readonly bookings: readonly BookingRow[];
  /** In decision order. */
  readonly decisions: readonly BookingDecision[];
  /** Sessions that may clash otherwise than before, and the latest event that made it so. */
  readonly moved: ReadonlyMap<string, Cause>;
}

/** Events by (timestamp, statement id): the order in which those of one chunk are applied. */
export function inOrder<Event extends Caused>(events: readonly Event[]): Event[] {
  return [...events].sort((a, b) => (a.cause.stamp < b.cause.stamp ? -1 : a.cause.stamp > b.cause.stamp ? 1 : 0));
}

/**
 * What program, session and booking events change, and what is decided by them (spec: projections.md, Training). A pure function:
 * the same rows and events always give the same changes.
 */
export function decideTraining(state: TrainingState, events: readonly Caused[]): TrainingChanges {
  const work = new Work(state);
  for (const event of inOrder(events)) work.apply(event);
  return work.changes();
}

class Work {
  readonly #before: TrainingState;
  readonly #programs: Map<string, ProgramRow>;
  readonly #sessions: Map<string, SessionRow>;
  readonly #bookings: Map<string, BookingRow>;
  readonly #rosters = new Map<string, Roster>();
  readonly #openBookings: ReadonlyMap<string | null, readonly BookingRow[]>;
  readonly #decisions: BookingDecision[] = [];
  readonly #moved = new Map<string, Cause>();

  constructor(state: TrainingState) {
    this.#before = state;
    this.#programs = new Map(state.programs);
    this.#sessions = new Map(state.sessions);
    this.#bookings = new Map(state.bookings);
    const open = [...state.bookings.values()].filter(({ status }) => openStatuses.has(status));
    this.#openBookings = Map.groupBy(open, ({ session_id }) => session_id);
  }

  apply(event: Caused): void {
    switch (event.type) {
      case 'program.created':
      case 'program.published':
        this.#program(event);
        break;
      case 'session.scheduled':
      case 'session.cancelled':
        this.#session(event);
        break;
      case 'booking.requested':
      case 'booking.confirmed':
      case 'booking.cancelled':
        this.#booking(event);
        break;
      default:
    }
  }

  changes(): TrainingChanges {
    for (const roster of this.#rosters.values()) roster.close();
    return {
      programs: changed(this.#before.programs, this.#programs),
      sessions: changed(this.#before.sessions, this.#sessions),
      bookings: changed(this.#before.bookings, this.#bookings),
      decisions: this.#decisions,
      moved: this.#moved,
    };
  }

  #program(event: Caused<ProgramEvent>): void {
    const row = this.#programs.get(event.programId) ?? emptyProgram(event.programId);
    if (event.type === 'program.published') {
      this.#programs.set(row.id, programPublished(row, event));
      return;
    }
    const after = programCreated(row, event);
    this.#programs.set(row.id, after);
    if (after.duration_minutes === row.duration_minutes) return;
    for (const session of this.#sessions.values()) {
      if (session.program_id === row.id) {
        this.#change(session, withEstimatedEnd(session, after.duration_minutes), event.cause);
      }
    }
  }

  #session(event: Caused<SessionEvent>): void {
    const { cause } = event;
    const row = this.#sessions.get(event.sessionId) ?? emptySession(event.sessionId);
    const roster = this.#roster(row.id);
    if (event.type === 'session.cancelled') {
      this.#change(row, sessionCancelled(row, event), cause);
      if (row.status !== 'cancelled') roster.cancelAll(cause, row.id);
      return;
    }
    const after = sessionScheduled(row, event, (id) => this.#programs.get(id ?? '')?.duration_minutes ?? null);
    this.#change(row, after, cause);
    const seats = this.#seats(after);
    roster.arrive(seats, cause);
    roster.settle(seats, cause);
  }

  #booking(event: Caused<BookingEvent>): void {
    const { cause } = event;
    const row = this.#bookings.get(event.bookingId) ?? emptyBooking(event.bookingId);
    const known = row.session_id === null ? { ...row, session_id: event.sessionId } : row;
    // A request decides which session a booking belongs to; until then whatever has named one does.
    const sessionId = event.type === 'booking.requested' ? event.sessionId : known.session_id;
    const roster = sessionId === null ? new Roster([], this.#bookings, this.#decisions) : this.#roster(sessionId);
    const seats = this.#seats(this.#sessions.get(sessionId ?? '') ?? emptySession(sessionId ?? ''));
    if (event.type === 'booking.requested') roster.request(event, known, seats, cause);
    else if (event.type === 'booking.confirmed') roster.approve(known, seats, cause);
    else roster.cancel(event, known, seats, cause);
  }

  #change(before: SessionRow, after: SessionRow, cause: Cause): void {
    this.#sessions.set(after.id, after);
    if (placing.some((attribute) => before[attribute] !== after[attribute])) this.#moved.set(after.id, cause);
  }

  #seats(session: SessionRow): Seats {
    return { session, requiresApproval: this.#programs.get(session.program_id ?? '')?.requires_approval ?? false };
  }

  #roster(sessionId: string): Roster {
    const known = this.#rosters.get(sessionId);
    if (known !== undefined) return known;
    const roster = new Roster(this.#openBookings.get(sessionId) ?? [], this.#bookings, this.#decisions);
    this.#rosters.set(sessionId, roster);
    return roster;
  }
}

/** Statuses that a roster is made from: live, and requested. */
export const openStatuses: ReadonlySet<BookingRow['status']> = new Set([
  'requested',
  'confirmed',
  'pending',
  'waitlist',
]);

/** What conflicts depend on. */
const placing = ['start_time', 'end_time', 'location', 'instructor_id', 'status'] as const;

function changed<Row>(before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): Row[] {
  return [...after].flatMap(([id, row]) => (before.get(id) === row ? [] : [row]));
}
