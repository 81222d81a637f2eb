import { groupOfTopic } from '../../../lib/catalogue.ts';
import { member } from './json.ts';
import { adl, as, ext, nlj } from './prefixes.ts';
import type { ValidStatement } from './statement.ts';
import { publishedTopics, topics } from './topics.ts';

const surveyEvents = {
  [`${adl}initialized`]: 'survey.started',
  [`${adl}answered`]: 'survey.answered',
  [`${adl}completed`]: 'survey.completed',
} as const;

const activityEvents = {
  [`${adl}attempted`]: 'activity.attempted',
  [`${adl}experienced`]: 'activity.experienced',
  [`${adl}completed`]: 'activity.completed',
  [`${adl}answered`]: 'activity.answered',
  [`${adl}passed`]: 'activity.passed',
  [`${adl}failed`]: 'activity.failed',
  [`${adl}initialized`]: 'activity.initialized',
} as const;

const contentEvents = {
  [`${nlj}modified`]: 'content.modified',
  [`${nlj}imported`]: 'content.imported',
  [`${nlj}reviewed`]: 'content.reviewed',
} as const;

/** Events of topics on which the verb alone decides. */
const eventsByVerb = {
  [topics.programs]: { [`${as}author`]: 'program.created', [`${nlj}published`]: 'program.published' },
  [topics.sessions]: { [`${as}schedule`]: 'session.scheduled', [`${nlj}cancelled`]: 'session.cancelled' },
  [topics.bookings]: {
    [`${adl}asked`]: 'booking.requested',
    [`${adl}registered`]: 'booking.confirmed',
    [`${nlj}waitlisted`]: 'booking.waitlisted',
    [`${nlj}cancelled`]: 'booking.cancelled',
  },
  [topics.attendance]: {
    [`${nlj}checked-in`]: 'attendance.checked_in',
    [`${adl}attended`]: 'attendance.completed',
  },
  [topics.certificates]: { 'http://id.tincanapi.com/verb/earned': 'certificate.earned' },
  [topics.generation]: {
    [`${nlj}generation-requested`]: 'generation.requested',
    [`${nlj}generation-started`]: 'generation.started',
    [`${nlj}generation-progressed`]: 'generation.progressed',
    [`${nlj}generation-completed`]: 'generation.completed',
    [`${nlj}generation-failed`]: 'generation.failed',
    [`${nlj}generation-cancelled`]: 'generation.cancelled',
    ...contentEvents,
  },
  [topics.reviews]: contentEvents,
  [publishedTopics.outcomes]: {
    [`${adl}registered`]: 'booking.confirmed',
    [`${nlj}waitlisted`]: 'booking.waitlisted',
    [`${nlj}rejected`]: 'booking.rejected',
    [`${nlj}cancelled`]: 'booking.cancelled',
  },
  [publishedTopics.conflicts]: { [`${nlj}detected`]: 'conflict.detected' },
} as const;

type Values<Table> = Table extends unknown ? Table[keyof Table] : never;

/** Canonical event names, and `unrecognised`: valid, stored and indexed, but it changes no business table. */
export type EventName =
  | Values<typeof surveyEvents>
  | Values<typeof activityEvents>
  | Values<Values<typeof eventsByVerb>>
  | 'activity.other'
  | 'unrecognised';

/**
 * The event that a statement is: a function of topic, verb and, on the survey topic and `xapi-events`, the presence of
 * `ext:parent_survey`. Never guessed from text.
 */
export function eventName(topic: string, statement: ValidStatement): EventName {
  const verb = statement.verb.id;
  const inSurvey = member(statement.context?.extensions, `${ext}parent_survey`) !== undefined;
  switch (topic) {
    case topics.survey:
      return (inSurvey ? lookUp(surveyEvents, verb) : undefined) ?? 'unrecognised';
    case topics.xapiEvents:
      return (inSurvey ? lookUp(surveyEvents, verb) : undefined) ?? lookUp(activityEvents, verb) ?? 'activity.other';
    default: {
      if (groupOfTopic(topic) === 'learning') return lookUp(activityEvents, verb) ?? 'activity.other';
      const events = lookUp<Readonly<Record<string, EventName>>>(eventsByVerb, topic);
      return (events === undefined ? undefined : lookUp(events, verb)) ?? 'unrecognised';
    }
  }
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
