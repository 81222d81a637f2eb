import type pg from 'pg';
import type { Announcement } from '../core/ledger/projection.ts';
import { readLiveBookings } from './read.ts';
import { schedule } from './schedule.ts';
import { instant, stampOf } from './stamp.ts';

/**
 * Cancels the live bookings of people by the normal rule, such as before they are erased: seats go to those who wait. To be called
 * within a transaction, under the ledger's fence.
 * @param cause id (uuid) and timestamp that the cancellations and the announcements carry.
 * @returns what was decided: to be written to ledger and outbox in the same transaction.
 */
export async function cancelBookingsOf(
  client: pg.ClientBase,
  agentKeys: readonly string[],
  { id, timestamp }: { readonly id: string; readonly timestamp: string },
): Promise<readonly Announcement[]> {
  const cause = { id, timestamp, at: instant(timestamp), stamp: stampOf({ id, timestamp }) };
  const live = await readLiveBookings(client, agentKeys);
  return schedule(
    client,
    live.map(({ id: bookingId, session_id }) => ({
      type: 'booking.cancelled',
      bookingId,
      sessionId: session_id,
      cancelledBy: 'system',
      reason: 'erasure',
      cause,
    })),
  );
}
