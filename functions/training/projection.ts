import type { Projection } from '../core/ledger/projection.ts';
import { cancelBookingsOf } from './cancel-bookings.ts';
import { isRecordEvent } from './event.ts';
import { forgetUsers } from './forget.ts';
import { readEvent } from './read-event.ts';
import { applyRecords } from './record-store.ts';
import { rederivePeople } from './rederive.ts';
import { schedule } from './schedule.ts';

/**
 * Training tables: programs, sessions, bookings, attendance, certificates and conflicts, and what is decided by their rules. Rows are
 * locked and read, the chunk is decided in memory, rows are written: the number of SQL statements does not grow with it.
 */
export const trainingProjection: Projection = {
  refuse(statement) {
    const result = readEvent(statement);
    return result.kind === 'refused' ? result.error : null;
  },
  async apply(client, accepted) {
    const events = accepted.flatMap((row) => {
      const result = readEvent(row);
      return result.kind === 'event' ? [result.event] : [];
    });
    const announcements = await schedule(
      client,
      events.filter((event) => !isRecordEvent(event)),
    );
    await applyRecords(client, events.filter(isRecordEvent));
    return announcements;
  },
  rederive: rederivePeople,
  withdraw: cancelBookingsOf,
  forget: forgetUsers,
};
