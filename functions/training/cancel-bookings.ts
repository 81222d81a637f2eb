import type pg from 'pg';
import type { Announcement, Cause } from '../core/ledger/projection.ts';
import { readLiveBookings } from './read.ts';
import { schedule } from './schedule.ts';
import { instant, stampOf } from './stamp.ts';

/** Cancels the live bookings of people by the normal rule, before they are erased: seats go to those who wait. */
export async function cancelBookingsOf(
  client: pg.ClientBase,
  agentKeys: readonly string[],
  { id, timestamp }: Cause,
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
