import type { BookingDecision } from './decision.ts';
import type { BookingCancelled, BookingRequested, Cause } from './event.ts';
import type { BookingRow, RejectionReason, SessionRow } from './rows.ts';
import { assign } from './stamp.ts';

/** The session that a roster is of, as it is at the moment of a decision. */
export interface Seats {
  readonly session: SessionRow;
  readonly requiresApproval: boolean;
}

/** Seats that may be taken (spec: Training). */
export function capacityOf(session: SessionRow): number {
  return session.max_attendees ?? session.capacity ?? 0;
}

/** Whether the session's own event is there, or it was cancelled: then requests are decided at once. */
export function isKnown(session: SessionRow): boolean {
  return session.status !== 'expected';
}

/**
 * Bookings of one session: who sits, who waits, who is to be decided. Holds at any time: nobody waits while a seat is
 * free, and a learner has one live booking. Rows live in the map that it is given; positions are written by `close`.
 */
export class Roster {
  readonly #rows: Map<string, BookingRow>;
  readonly #decided: BookingDecision[];
  readonly #seated = new Set<string>();
  readonly #waiting: string[] = [];
  readonly #undecided = new Set<string>();
  /** Live booking by learner. */
  readonly #live = new Map<string, string>();
  /** Pending bookings whose approval found no seat free. */
  readonly #approved = new Set<string>();

  /**
   * @param open the session's bookings that are live or requested.
   * @param rows where rows are read and written, by booking id.
   * @param decided where decisions go, in their order.
   */
  constructor(open: readonly BookingRow[], rows: Map<string, BookingRow>, decided: BookingDecision[]) {
    this.#rows = rows;
    this.#decided = decided;
    for (const row of [...open].sort((a, b) => (a.waitlist_position ?? 0) - (b.waitlist_position ?? 0))) {
      if (row.status === 'requested') this.#undecided.add(row.id);
      if (row.status === 'waitlist') this.#waiting.push(row.id);
      if (row.status === 'confirmed' || row.status === 'pending') this.#seated.add(row.id);
      if (row.status === 'pending' && row.approved) this.#approved.add(row.id);
      if (row.status !== 'requested' && row.learner_key !== null) this.#live.set(row.learner_key, row.id);
    }
  }

  /** A booking.requested. A booking that is known is left alone; a cancelled one is filled and stays cancelled. */
  request(event: BookingRequested, known: BookingRow, seats: Seats, cause: Cause): void {
    if (known.request_id !== null) return;
    const row: BookingRow = {
      ...known,
      session_id: event.sessionId,
      learner_key: event.learner.key,
      user_id: event.learner.userId,
      registration_method: event.registrationMethod,
      special_requirements: event.specialRequirements,
      requested_at: cause.at,
      request_id: cause.id,
      set_by: { ...known.set_by, request: cause.stamp },
    };
    if (known.status === 'cancelled') this.#put(row);
    else if (isKnown(seats.session)) this.#decide(row, seats, cause);
    else {
      this.#put({ ...row, status: 'requested' });
      this.#undecided.add(row.id);
    }
  }

  /** An approval from outside: takes effect now, or when there is a seat. Never demotes. */
  approve(known: BookingRow, seats: Seats, cause: Cause): void {
    const row = known.approved ? known : { ...known, approved: true };
    this.#put(row);
    if (row.status !== 'pending') return;
    this.#approved.add(row.id);
    this.settle(seats, cause);
  }

  /** A booking.cancelled from outside. */
  cancel(event: BookingCancelled, known: BookingRow, seats: Seats, cause: Cause): void {
    if (known.status === 'rejected') return;
    this.#leave(known);
    this.#put(
      cancelled(
        known,
        { cancelled_at: cause.at, cancelled_by: event.cancelledBy, cancellation_reason: event.reason },
        cause,
      ),
    );
    this.settle(seats, cause);
  }

  /** The session's own event arrived: decides what waited for it, in the order of request time. */
  arrive(seats: Seats, cause: Cause): void {
    const requests = this.#inOrder(this.#undecided);
    this.#undecided.clear();
    for (const row of requests) this.#decide(row, seats, cause);
  }

  /** The session is cancelled: live bookings are, and requests that wait for it are rejected. */
  cancelAll(cause: Cause, sessionId: string): void {
    const waiting = this.#waiting.flatMap((id) => this.#rows.get(id) ?? []);
    for (const row of [...this.#inOrder(this.#seated), ...waiting]) {
      this.#leave(row);
      const changes = { cancelled_at: cause.at, cancelled_by: 'system', cancellation_reason: 'session_cancelled' };
      this.#put(cancelled(row, changes, cause));
      this.#decided.push({ kind: 'cancelled', reason: 'session_cancelled', bookingId: row.id, sessionId, cause });
    }
    for (const row of this.#inOrder(this.#undecided)) this.#reject(row, 'session_cancelled', sessionId, cause);
    this.#undecided.clear();
  }

  /** Gives seats that are free: to approvals that found none, then to those who wait, in their order. */
  settle(seats: Seats, cause: Cause): void {
    const capacity = capacityOf(seats.session);
    for (const row of this.#inOrder(this.#approved)) {
      // The booking itself holds one of the seats already.
      if (this.#seated.size > capacity) break;
      this.#confirm(row, seats, 'approval', cause);
    }
    while (this.#seated.size < capacity && seats.session.status === 'scheduled') {
      const first = this.#rows.get(this.#waiting.shift() ?? '');
      if (first === undefined) return;
      this.#seat({ ...first, waitlist_position: null }, seats, 'waitlist_promotion', cause);
    }
  }

  /** Writes positions 1..n. */
  close(): void {
    for (const [index, id] of this.#waiting.entries()) {
      const row = this.#rows.get(id);
      if (row !== undefined && row.waitlist_position !== index + 1) this.#put({ ...row, waitlist_position: index + 1 });
    }
  }

  #decide(row: BookingRow, seats: Seats, cause: Cause): void {
    const { session } = seats;
    const rejection = this.#rejection(row, session);
    if (rejection !== null) this.#reject(row, rejection, session.id, cause);
    else if (this.#seated.size < capacityOf(session)) {
      this.#seat(row, seats, seats.requiresApproval && row.approved ? 'approval' : 'automatic', cause);
    } else this.#wait(row, session, cause);
  }

  #wait(row: BookingRow, session: SessionRow, cause: Cause): void {
    const position = this.#waiting.push(row.id);
    this.#live.set(row.learner_key ?? '', row.id);
    this.#put({ ...row, status: 'waitlist', waitlist_position: position });
    this.#decided.push({ kind: 'waitlisted', position, bookingId: row.id, sessionId: session.id, cause });
  }

  #rejection(row: BookingRow, session: SessionRow): RejectionReason | null {
    if (this.#live.has(row.learner_key ?? '')) return 'duplicate_booking';
    if (session.status === 'cancelled') return 'session_cancelled';
    return session.end_time !== null && session.end_time < (row.requested_at ?? '') ? 'session_finished' : null;
  }

  #reject(row: BookingRow, reason: RejectionReason, sessionId: string, cause: Cause): void {
    this.#put({ ...row, status: 'rejected', rejection_reason: reason });
    this.#decided.push({ kind: 'rejected', reason, bookingId: row.id, sessionId, cause });
  }

  #seat(row: BookingRow, seats: Seats, method: 'automatic' | 'approval' | 'waitlist_promotion', cause: Cause): void {
    this.#seated.add(row.id);
    this.#live.set(row.learner_key ?? '', row.id);
    if (seats.requiresApproval && !row.approved) this.#put({ ...row, status: 'pending' });
    else this.#confirm(row, seats, method, cause);
  }

  #confirm(row: BookingRow, { session }: Seats, method: 'automatic' | 'approval' | 'waitlist_promotion', cause: Cause) {
    this.#approved.delete(row.id);
    this.#put({ ...row, status: 'confirmed' });
    this.#decided.push({ kind: 'confirmed', method, bookingId: row.id, sessionId: session.id, cause });
  }

  #leave(row: BookingRow): void {
    this.#undecided.delete(row.id);
    this.#approved.delete(row.id);
    this.#seated.delete(row.id);
    if (row.status === 'waitlist') this.#waiting.splice(this.#waiting.indexOf(row.id), 1);
    if (row.learner_key !== null && this.#live.get(row.learner_key) === row.id) this.#live.delete(row.learner_key);
  }

  #inOrder(ids: ReadonlySet<string>): BookingRow[] {
    const stamp = (row: BookingRow): string => row.set_by['request'] ?? '';
    const rows = [...ids].flatMap((id) => this.#rows.get(id) ?? []);
    return rows.sort((a, b) => (stamp(a) < stamp(b) ? -1 : 1));
  }

  #put(row: BookingRow): void {
    this.#rows.set(row.id, row);
  }
}

type Cancellation = Pick<BookingRow, 'cancelled_at' | 'cancelled_by' | 'cancellation_reason'>;

function cancelled(row: BookingRow, changes: Cancellation, cause: Cause): BookingRow {
  return { ...assign(row, changes, cause.stamp), status: 'cancelled', waitlist_position: null };
}
