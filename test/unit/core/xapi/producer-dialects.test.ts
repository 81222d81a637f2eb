import { describe, expect, it } from 'vitest';
import { eventName, type JsonObject, upcast, validateStatement } from '../../../../functions/core/xapi/index.ts';
import { adl, ext, nlj } from '../../../../functions/core/xapi/prefixes.ts';
import { topics } from '../../../../functions/core/xapi/topics.ts';
import { stored } from './support/statements.ts';

/**
 * Whole messages of the later producers (dialect B) of which the examples hold none: made from the upcasting table of the
 * specification and from what the original system is known to publish.
 */

const booking = '5a1c0000-0000-4000-8000-000000000191';
const session = '5a1c0000-0000-4000-8000-00000000012d';
const learner = '5a1c0000-0000-4000-8000-000000000065';
const generation = '5a1c0000-0000-4000-8000-0000000002bd';

const trainingSystem = {
  objectType: 'Agent',
  name: 'Training System',
  mbox: 'mailto:training@nlj.platform',
  account: { name: 'system', homePage: 'http://nlj.platform' },
};
const learnerActor = {
  objectType: 'Agent',
  name: 'Dana Okafor',
  mbox: 'mailto:dana.okafor@example.org',
  account: { name: learner, homePage: 'http://nlj.platform' },
};
const canonicalLearner = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: learner } };
const sessionIri = `http://nlj.platform/training-sessions/${session}`;
const bookingObject = {
  objectType: 'Activity',
  id: `http://nlj.platform/training-bookings/${booking}`,
  definition: { name: { 'en-US': 'Training booking' }, type: 'http://nlj.platform/activities/booking' },
};
const sessionObject = {
  objectType: 'Activity',
  id: sessionIri,
  definition: { name: { 'en-US': 'Forklift Safety Refresher' }, type: 'http://adlnet.gov/expapi/activities/lesson' },
};
const generationObject = {
  objectType: 'Activity',
  id: `http://nlj.platform/content-generation-sessions/${generation}`,
  definition: { type: 'http://nlj.platform/activities/content-generation' },
};
const learnerExtensions = { learner_id: learner, learner_name: 'Dana Okafor' };

function message(members: Readonly<Record<string, unknown>>): JsonObject {
  return {
    id: '5a1c0000-0000-4000-8000-0000000013f0',
    version: '1.0.3',
    producer_id: 'training-service',
    timestamp: '2025-08-14T09:30:00.000000+00:00',
    ...members,
  };
}

const prefixed = (members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [ext + name, value]));

interface Case {
  readonly what: string;
  readonly topic: string;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly event: string;
  readonly verb: string;
  readonly actor?: unknown;
  readonly object: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const cases: readonly Case[] = [
  {
    what: 'booking confirmed, its session known',
    topic: topics.bookings,
    sent: {
      actor: trainingSystem,
      verb: { id: `${adl}approved`, display: { 'en-US': 'approved' } },
      object: bookingObject,
      context: {
        platform: 'NLJ Platform',
        parent: { id: sessionIri },
        extensions: prefixed({ ...learnerExtensions, confirmation_code: 'ABC' }),
      },
    },
    event: 'booking.confirmed',
    verb: `${adl}registered`,
    actor: canonicalLearner,
    object: sessionIri,
    extensions: {
      booking_id: booking,
      confirmation_method: 'approval',
      confirmed_by: 'system',
      confirmation_code: 'ABC',
    },
  },
  {
    what: 'booking confirmed, no session named',
    topic: topics.bookings,
    sent: {
      actor: trainingSystem,
      verb: { id: `${adl}approved`, display: { 'en-US': 'approved' } },
      object: bookingObject,
      context: { extensions: prefixed(learnerExtensions) },
    },
    event: 'booking.confirmed',
    verb: `${adl}registered`,
    actor: canonicalLearner,
    object: bookingObject.id,
    extensions: { booking_id: booking, confirmation_method: 'approval', confirmed_by: 'system' },
  },
  {
    what: 'booking waitlisted on a booking',
    topic: topics.bookings,
    sent: {
      actor: trainingSystem,
      verb: { id: `${nlj}waitlisted`, display: { 'en-US': 'waitlisted' } },
      object: bookingObject,
      context: {
        parent: { id: sessionIri, definition: { name: { 'en-US': 'Forklift Safety Refresher' } } },
        extensions: prefixed({ ...learnerExtensions, waitlist_position: 3 }),
      },
    },
    event: 'booking.waitlisted',
    verb: `${nlj}waitlisted`,
    actor: canonicalLearner,
    object: sessionIri,
    extensions: { booking_id: booking, waitlist_position: 3 },
  },
  {
    what: 'booking waitlisted, its position in result',
    topic: topics.bookings,
    sent: {
      actor: trainingSystem,
      verb: { id: `${nlj}waitlisted`, display: { 'en-US': 'waitlisted' } },
      object: bookingObject,
      result: { extensions: prefixed({ waitlist_position: 3 }) },
      context: { extensions: prefixed(learnerExtensions) },
    },
    event: 'booking.waitlisted',
    verb: `${nlj}waitlisted`,
    actor: canonicalLearner,
    object: bookingObject.id,
    extensions: { booking_id: booking, waitlist_position: 3 },
  },
  {
    what: 'booking cancelled by an administrator, as voided',
    topic: topics.bookings,
    sent: {
      actor: { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'admin-1' } },
      verb: { id: `${adl}voided`, display: { 'en-US': 'cancelled' } },
      object: bookingObject,
      context: {
        parent: { id: sessionIri },
        extensions: prefixed({ ...learnerExtensions, cancellation_reason: 'other', refund_issued: false }),
      },
    },
    event: 'booking.cancelled',
    verb: `${nlj}cancelled`,
    actor: canonicalLearner,
    object: sessionIri,
    extensions: { booking_id: booking, cancelled_by: 'admin-1', cancellation_reason: 'other', refund_issued: false },
  },
  {
    what: 'booking cancelled, extension keys without prefix, null members',
    topic: topics.bookings,
    sent: {
      actor: learnerActor,
      verb: { id: `${adl}voided`, display: { 'en-US': 'cancelled' } },
      object: bookingObject,
      context: { platform: 'NLJ Platform', registration: null, extensions: { learner_id: learner, learner_name: 'D' } },
    },
    event: 'booking.cancelled',
    verb: `${nlj}cancelled`,
    actor: canonicalLearner,
    object: bookingObject.id,
    extensions: { booking_id: booking, cancelled_by: learner },
  },
  {
    what: 'check-in as attended',
    topic: topics.attendance,
    sent: {
      actor: learnerActor,
      verb: { id: `${adl}attended`, display: { 'en-US': 'attended' } },
      object: sessionObject,
      context: { extensions: prefixed({ check_in_time: '2025-09-02T12:55:00+00:00' }) },
    },
    event: 'attendance.checked_in',
    verb: `${nlj}checked-in`,
    object: sessionIri,
    extensions: { check_in_time: '2025-09-02T12:55:00+00:00' },
  },
  {
    what: 'attendance as completed, a score of null',
    topic: topics.attendance,
    sent: {
      actor: learnerActor,
      verb: { id: `${adl}completed`, display: { 'en-US': 'completed' } },
      object: sessionObject,
      result: {
        completion: true,
        score: { scaled: null },
        extensions: prefixed({ completion_status: 'completed', attendance_percentage: 95.8 }),
      },
      context: { platform: 'NLJ Platform' },
    },
    event: 'attendance.completed',
    verb: `${adl}attended`,
    object: sessionIri,
    extensions: { completion_percentage: 95.8 },
  },
  ...['requested', 'started', 'progress', 'progressing', 'progressed', 'completed', 'failed', 'cancelled'].flatMap(
    (status): Case[] =>
      ['context', 'result'].map((place) => ({
        what: `generation ${status}, the status in ${place}`,
        topic: topics.generation,
        sent: {
          actor: learnerActor,
          verb: { id: `${adl}launched`, display: { 'en-US': 'launched' } },
          object: generationObject,
          [place]: { extensions: prefixed({ generation_status: status, prompt: 'p', content_type: 'scenario' }) },
        },
        event: `generation.${status.startsWith('progress') ? 'progressed' : status}`,
        verb: `${nlj}generation-${status.startsWith('progress') ? 'progressed' : status}`,
        object: generationObject.id,
        extensions: { prompt_config: { generated_prompt_text: 'p', generation_type: 'scenario' } },
      })),
  ),
];

describe('dialect B beyond the examples', () => {
  it.each(cases)('$what: $event', ({ topic, sent, event, verb, actor, object, extensions }) => {
    const record = { cluster: 'arn:aws:kafka:x', topic, partition: 0, offset: 0, timestamp: 0 };
    const { statement, rules } = upcast({ value: message(sent), topic, record });
    const outcome = validateStatement(statement);
    expect(outcome.ok ? [] : outcome.errors).toEqual([]);
    expect(rules).not.toEqual([]);
    expect(eventName(topic, stored(statement))).toBe(event);
    expect(statement).toMatchObject({
      verb: { id: verb, display: { 'en-US': expect.any(String) } },
      object: { id: object },
      context: { extensions: prefixed(extensions) },
    });
    if (actor !== undefined) expect(statement['actor']).toEqual(actor);
    expect(JSON.stringify(statement)).not.toContain('learner_');
    expect(upcast({ value: statement, topic, record })).toMatchObject({ statement, rules: [] });
  });
});
