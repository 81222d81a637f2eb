import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventName } from '../../../functions/core/xapi/index.ts';
import { trainingProjection } from '../../../functions/training/projection.ts';
import { readEvent } from '../../../functions/training/read-event.ts';
import { validated } from '../../support/entries.ts';
import {
  at,
  attended,
  bookingCancelled,
  bookingRequested,
  bookingWaitlisted,
  certificateEarned,
  checkedIn,
  programCreated,
  sessionScheduled,
  type TrainingMessage,
  user,
} from '../../support/training.ts';
import { eventOf, reading } from './support/world.ts';

const id = randomUUID();
const ext = 'http://nlj.platform/extensions/';

function refusal(message: TrainingMessage) {
  const { statement: body } = validated(message.statement, { topic: message.topic });
  return trainingProjection.refuse?.({ event: eventName(message.topic, body), body }) ?? null;
}

describe('session.scheduled is refused by rule', () => {
  it.each([
    ['start = end', { end_time: at(1440) }, 'session-times', 'end_time'],
    ['start > end', { end_time: at(1439) }, 'session-times', 'end_time'],
    ['capacity 0', { capacity: 0 }, 'session-capacity', 'capacity'],
    ['capacity 1001', { capacity: 1001 }, 'session-capacity', 'capacity'],
    ['capacity 2.5', { capacity: 2.5 }, 'session-capacity', 'capacity'],
    ['no capacity', { capacity: undefined }, 'session-capacity', 'capacity'],
    ['max_attendees 0', { max_attendees: 0 }, 'session-capacity', 'max_attendees'],
    ['no start', { start_time: undefined }, 'extension', 'start_time'],
    ['a start that is no time', { start_time: 'tomorrow' }, 'extension', 'start_time'],
    ['an instructor that is no uuid', { instructor_id: 'Priya' }, 'extension', 'instructor_id'],
  ])('%s', (_, changes, rule, name) => {
    const error = refusal(sessionScheduled(id, { with: changes }));
    expect(error).toMatchObject({ rule, path: `$.context.extensions['${ext}${name}']` });
    expect(JSON.stringify(error)).not.toContain('Priya');
  });

  it.each([1, 1000])('but not with capacity %d', (capacity) => {
    expect(refusal(sessionScheduled(id, { with: { capacity } }))).toBeNull();
  });

  it('compares times, not their notation', () => {
    expect(
      refusal(
        sessionScheduled(id, { with: { start_time: '2026-03-02T10:00:00+02:00', end_time: '2026-03-02T09:00:00Z' } }),
      ),
    ).toBeNull();
  });
});

describe('what an event cannot do without is refused by rule', () => {
  it.each<[string, TrainingMessage, string]>([
    ['a session id', sessionScheduled('not-a-uuid'), 'entity-id'],
    ['a booking id', bookingRequested(id, id, id, { with: { booking_id: undefined } }), 'extension'],
    ['a booking id in a cancellation', bookingCancelled(id, id, { with: { booking_id: 'b' } }), 'extension'],
    ['a learner', bookingRequested(id, id, 'system'), 'learner'],
    ['an identified learner', checkedIn(id, id, { actor: { objectType: 'Group', member: [user(id)] } }), 'learner'],
    ['a certificate id', certificateEarned('c', id), 'entity-id'],
    ['a percentage that is a number', attended(id, id, { with: { completion_percentage: 'all' } }), 'extension'],
    ['a duration of some minutes', programCreated(id, { with: { duration_minutes: 0 } }), 'extension'],
  ])('%s', (_, message, rule) => {
    expect(refusal(message)).toMatchObject({ rule });
  });
});

it('booking.waitlisted and verbs that no table is for change nothing and are not refused', () => {
  expect(reading(bookingWaitlisted(id, id))).toEqual({ kind: 'none' });
});

it('a learner is known by key and user id alone; another account or a mailbox gives no user id', () => {
  expect(eventOf(bookingRequested(id, id, id))).toMatchObject({ learner: { key: `key of ${id}`, userId: id } });
  const mailbox = bookingRequested(id, id, id, {
    actor: { mbox: 'mailto:dana.okafor@example.org', name: 'Dana Okafor' },
  });
  expect(eventOf(mailbox)).toMatchObject({ learner: { userId: null } });
  expect(JSON.stringify(eventOf(mailbox))).not.toMatch(/okafor/i);
});

it('text that PostgreSQL refuses is made storable', () => {
  expect(eventOf(sessionScheduled(id, { with: { location: 'Depot\u0000 4' } }))).toMatchObject({
    location: 'Depot\uFFFD 4',
  });
});

it('every training message of the producers is read as its event, and none is refused', () => {
  const examples = z
    .array(z.object({ name: z.string(), topic: z.string(), payload: z.record(z.string(), z.unknown()) }))
    .parse(JSON.parse(readFileSync(new URL('../../fixtures/producer-events.json', import.meta.url), 'utf8')))
    .filter(({ topic }) => topic.startsWith('nlj.training.') && topic !== 'nlj.training.conflicts');
  expect(examples.length).toBeGreaterThan(12);
  for (const { name, topic, payload } of examples) {
    const { statement: body } = validated(payload, { topic });
    const result = readEvent({ event: eventName(topic, body), body, agentKey: 'key' });
    const expected = name.split(' ')[0];
    if (expected === 'booking.waitlisted') expect(result.kind).toBe('none');
    else expect(result, name).toMatchObject({ kind: 'event', event: { type: expected } });
  }
});

it('never throws, whatever the extensions hold', () => {
  const names = [
    'start_time',
    'end_time',
    'capacity',
    'max_attendees',
    'location',
    'instructor_id',
    'program_id',
    'timezone',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (changes) => {
      expect(['event', 'refused']).toContain(reading(sessionScheduled(id, { with: changes })).kind);
    }),
  );
});
