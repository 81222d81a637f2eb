import type { Projection } from '../core/ledger/projection.ts';
import { readEvent } from './read-event.ts';

/** Training tables: programs, sessions, bookings, attendance, certificates and conflicts, and what is decided by their rules. */
export const trainingProjection: Projection = {
  refuse(statement) {
    const result = readEvent(statement);
    return result.kind === 'refused' ? result.error : null;
  },
  async apply() {
    return [];
  },
};
