import type { Cause } from './event.ts';
import type { ConflictType, RejectionReason } from './rows.ts';

interface About {
  readonly bookingId: string;
  readonly sessionId: string;
  readonly cause: Cause;
}

/** What was decided about a booking and is announced. */
export type BookingDecision = About &
  (
    | { readonly kind: 'confirmed'; readonly method: 'automatic' | 'approval' | 'waitlist_promotion' }
    | { readonly kind: 'waitlisted'; readonly position: number }
    | { readonly kind: 'rejected'; readonly reason: RejectionReason }
    | { readonly kind: 'cancelled'; readonly reason: 'session_cancelled' }
  );

/** Two sessions that cannot both take place. */
export interface ConflictDecision {
  readonly conflictId: string;
  readonly type: ConflictType;
  /** The session whose event brought the overlap about. */
  readonly sessionId: string;
  readonly otherSessionId: string;
  readonly cause: Cause;
}
