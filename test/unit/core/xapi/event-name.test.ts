import { describe, expect, it } from 'vitest';
import { eventName } from '../../../../functions/core/xapi/index.ts';
import { statementWith, stored } from './support/statements.ts';

const adl = 'http://adlnet.gov/expapi/verbs/';
const as = 'http://activitystrea.ms/schema/1.0/';
const nlj = 'http://nlj.platform/verbs/';

function named(topic: string, verb: string, extensions: object = {}): string {
  return eventName(topic, stored(statementWith({ verb: { id: verb }, context: { extensions } })));
}

const inSurvey = { 'http://nlj.platform/extensions/parent_survey': 'x' };

describe('eventName', () => {
  it.each([
    ['nlj.training.programs', `${as}author`, 'program.created'],
    ['nlj.training.programs', `${nlj}published`, 'program.published'],
    ['nlj.training.sessions', `${as}schedule`, 'session.scheduled'],
    ['nlj.training.sessions', `${nlj}cancelled`, 'session.cancelled'],
    ['nlj.training.bookings', `${adl}asked`, 'booking.requested'],
    ['nlj.training.bookings', `${adl}registered`, 'booking.confirmed'],
    ['nlj.training.bookings', `${nlj}waitlisted`, 'booking.waitlisted'],
    ['nlj.training.bookings', `${nlj}cancelled`, 'booking.cancelled'],
    ['nlj.training.attendance', `${nlj}checked-in`, 'attendance.checked_in'],
    ['nlj.training.attendance', `${adl}attended`, 'attendance.completed'],
    ['nlj.training.certificates', 'http://id.tincanapi.com/verb/earned', 'certificate.earned'],
    ['nlj.content.generation', `${nlj}generation-requested`, 'generation.requested'],
    ['nlj.content.generation', `${nlj}generation-cancelled`, 'generation.cancelled'],
    ['nlj.content.generation', `${nlj}imported`, 'content.imported'],
    ['nlj.activities.reviews', `${nlj}reviewed`, 'content.reviewed'],
    ['nlj.learning.activities', `${adl}passed`, 'activity.passed'],
    ['nlj.learning.activities', `${adl}initialized`, 'activity.initialized'],
    ['nlj.activities.completed', `${adl}completed`, 'activity.completed'],
    ['nlj.activities.completed', `${adl}launched`, 'activity.other'],
    ['xapi-events', `${adl}answered`, 'activity.answered'],
    ['xapi-events', 'http://v.example/constructor', 'activity.other'],
    ['nlj.training.programs', `${nlj}cancelled`, 'unrecognised'],
    ['nlj.activities.reviews', `${nlj}generation-started`, 'unrecognised'],
    ['nlj.training.conflicts', `${nlj}detected`, 'conflict.detected'],
    ['nlj.training.outcomes', `${nlj}rejected`, 'booking.rejected'],
    ['constructor', 'a:b', 'unrecognised'],
  ])('on %s %s is %s', (topic, verb, name) => {
    expect(named(topic, verb)).toBe(name);
  });

  it.each(['nlj.survey.responses', 'xapi-events'])('on %s a parent survey decides', (topic) => {
    expect(named(topic, `${adl}initialized`, inSurvey)).toBe('survey.started');
    expect(named(topic, `${adl}answered`, inSurvey)).toBe('survey.answered');
    expect(named(topic, `${adl}completed`, inSurvey)).toBe('survey.completed');
  });

  it('on the survey topic nothing else is an event; on learning topics it is an activity', () => {
    expect(named('nlj.survey.responses', `${adl}answered`)).toBe('unrecognised');
    expect(named('nlj.survey.responses', `${adl}passed`, inSurvey)).toBe('unrecognised');
    expect(named('xapi-events', `${adl}passed`, inSurvey)).toBe('activity.passed');
    expect(named('nlj.learning.activities', `${adl}answered`, inSurvey)).toBe('activity.answered');
  });
});
