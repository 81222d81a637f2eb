import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventName, storedForm, validateStatement } from '../../../functions/core/xapi/index.ts';
import { bookingAnnouncement, conflictAnnouncement, userActor } from '../../../functions/training/announcement.ts';
import type { BookingDecision } from '../../../functions/training/decision.ts';
import type { Cause } from '../../../functions/training/event.ts';

const ext = 'http://nlj.platform/extensions/';
const [bookingId, sessionId, learnerId] = [randomUUID(), randomUUID(), randomUUID()];
const cause: Cause = {
  id: randomUUID(),
  timestamp: '2026-03-01T08:00:00.5Z',
  at: '2026-03-01T08:00:00.500000Z',
  stamp: '',
};
const about = { bookingId, sessionId, cause };
const learner = { key: 'key', actor: userActor(learnerId) };
const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;

const decisions: readonly [BookingDecision, string, Readonly<Record<string, unknown>>][] = [
  [{ ...about, kind: 'confirmed', method: 'automatic' }, 'booking.confirmed', { confirmation_method: 'automatic' }],
  [{ ...about, kind: 'confirmed', method: 'approval' }, 'booking.confirmed', { confirmation_method: 'approval' }],
  [
    { ...about, kind: 'confirmed', method: 'waitlist_promotion' },
    'booking.confirmed',
    { confirmation_method: 'waitlist_promotion' },
  ],
  [{ ...about, kind: 'waitlisted', position: 3 }, 'booking.waitlisted', { waitlist_position: 3 }],
  [
    { ...about, kind: 'rejected', reason: 'session_finished' },
    'booking.rejected',
    { rejection_reason: 'session_finished' },
  ],
  [
    { ...about, kind: 'cancelled', reason: 'session_cancelled' },
    'booking.cancelled',
    { cancellation_reason: 'session_cancelled' },
  ],
];

describe('an announcement', () => {
  it.each(decisions)('of $kind is a valid statement of the catalogue', (decision, event, extensions) => {
    const { topic, key, agentKey, statement } = bookingAnnouncement(decision, learner);
    expect(validateStatement(statement)).toMatchObject({ ok: true });
    expect({ topic, key, agentKey }).toEqual({ topic: 'nlj.training.outcomes', key: sessionId, agentKey: 'key' });
    expect(eventName(topic, storedForm(statement, { authority }))).toBe(event);
    expect(statement).toMatchObject({
      timestamp: cause.timestamp,
      actor: { account: { homePage: 'http://nlj.platform', name: learnerId } },
      object: {
        id: `http://nlj.platform/training-sessions/${sessionId}`,
        definition: { type: 'http://adlnet.gov/expapi/activities/meeting' },
      },
      context: { platform: 'NLJ Platform', statement: { id: cause.id } },
    });
    const named = Object.entries({ ...extensions, booking_id: bookingId }).map(([name, value]) => [ext + name, value]);
    expect(statement.context?.extensions).toMatchObject(Object.fromEntries(named));
  });

  it('of a conflict is the platform’s, about the session that came last', () => {
    const otherSessionId = randomUUID();
    const { topic, key, agentKey, statement } = conflictAnnouncement({
      conflictId: randomUUID(),
      type: 'location_conflict',
      sessionId,
      otherSessionId,
      cause,
    });
    expect({ topic, key, agentKey }).toEqual({ topic: 'nlj.training.conflicts', key: sessionId, agentKey: null });
    expect(eventName(topic, storedForm(statement, { authority }))).toBe('conflict.detected');
    expect(statement).toMatchObject({ actor: { account: { name: 'system' } } });
    expect(statement.context?.extensions).toMatchObject({
      [`${ext}conflict_type`]: 'location_conflict',
      [`${ext}conflicting_sessions`]: [otherSessionId],
      [`${ext}requires_resolution`]: true,
    });
  });

  it('has the same id for the same booking, decision and cause, and another otherwise', () => {
    const id = (decision: BookingDecision) => bookingAnnouncement(decision, learner).statement.id;
    const confirmed: BookingDecision = { ...about, kind: 'confirmed', method: 'automatic' };
    expect(id(confirmed)).toBe(id({ ...confirmed }));
    expect(id(confirmed)).not.toBe(id({ ...about, kind: 'waitlisted', position: 1 }));
    expect(id(confirmed)).not.toBe(id({ ...confirmed, bookingId: randomUUID() }));
    expect(id(confirmed)).not.toBe(id({ ...confirmed, cause: { ...cause, id: randomUUID() } }));
  });
});
