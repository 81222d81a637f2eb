import fc from 'fast-check';
import { expect, it } from 'vitest';
import { capacityOf } from '../../../functions/training/roster.ts';
import type { BookingRow } from '../../../functions/training/rows.ts';
import { histories } from '../../support/training-history.ts';
import { world } from './support/world.ts';

const history = histories({ sessions: 3, learners: 8, events: 120, scarce: true });

const takesSeat = (row: BookingRow | undefined): boolean => row?.status === 'confirmed' || row?.status === 'pending';

it('no seat is given and no approval takes effect past the capacity; a confirmed booking ends by a cancellation alone', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(history, (messages) => {
      const training = world();
      for (const message of messages) {
        const before = new Map(training.bookings);
        training.deliver(message);
        for (const [id, row] of training.bookings) {
          const was = before.get(id);
          if (was?.status === 'confirmed') expect(['confirmed', 'cancelled']).toContain(row.status);
          const isGiven = takesSeat(row) && !takesSeat(was);
          const isApproved = row.status === 'confirmed' && was?.status === 'pending';
          if (!isGiven && !isApproved) continue;
          const session = training.sessions.get(row.session_id ?? '');
          const seated = [...training.bookings.values()].filter(
            (other) => other.session_id === row.session_id && takesSeat(other),
          );
          expect(seated.length).toBeLessThanOrEqual(session === undefined ? 0 : capacityOf(session));
        }
      }
    }),
    { numRuns: 30 },
  );
});

it('a chunk decides as its events do one by one in the order of their time', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(history, (messages) => {
      const [together, apart] = [world(), world()];
      together.deliver(...messages);
      const stamp = ({ statement }: (typeof messages)[number]) => `${statement.timestamp} ${statement.id}`;
      for (const message of [...messages].sort((a, b) => (stamp(a) < stamp(b) ? -1 : 1))) apart.deliver(message);
      expect(together.bookings).toEqual(apart.bookings);
      expect(together.sessions).toEqual(apart.sessions);
      expect(together.programs).toEqual(apart.programs);
      expect(together.decisions.map(({ kind, bookingId }) => [kind, bookingId])).toEqual(
        apart.decisions.map(({ kind, bookingId }) => [kind, bookingId]),
      );
    }),
    { numRuns: 30 },
  );
});
