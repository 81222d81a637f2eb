import { act, type Below, ext, madeUpId, oneOf } from '../workload/made-up.ts';
import { chance, type Draft, draft, type Stage } from './draft.ts';
import { actorOf, keyOfPerson, linkingActors, systemActor, verb } from './people.ts';
import { minute, timeText } from './time.ts';

const types = [
  `${act}lesson`,
  `${act}course`,
  'http://nlj.platform/activitytypes/assessment',
  `${act}simulation`,
  'http://activitystrea.ms/schema/1.0/video',
  undefined,
  'http://id.tincanapi.com/activitytype/game',
] as const;
const programs = 12;

/** An activity of the made-up catalogue; some have no name, no type or no program, some are renamed in time. */
function activity(number: number, isLate: boolean): Record<string, unknown> {
  const type = types[number % types.length];
  const name = number % 11 === 5 ? undefined : `Activity ${number}${isLate && number % 9 === 0 ? ', 2nd edition' : ''}`;
  const definition = {
    ...(type === undefined ? {} : { type }),
    ...(name === undefined
      ? {}
      : { name: number % 4 === 0 ? { 'de-DE': `${name} (de)`, 'en-US': name } : { 'en-US': name } }),
  };
  return {
    objectType: 'Activity',
    id: `http://nlj.platform/activities/${madeUpId('activity', number)}`,
    ...(Object.keys(definition).length === 0 ? {} : { definition }),
  };
}

function contextOf(person: number, number: number, { seed, below }: Stage): Record<string, unknown> {
  const program = number % 5 === 4 ? undefined : madeUpId('program', number % programs);
  const attempt = below(3);
  return {
    platform: 'NLJ Platform',
    ...(chance(25, below) ? {} : { registration: madeUpId('registration', `${seed}/${person}/${number}/${attempt}`) }),
    ...(chance(10, below) ? { language: oneOf(['en-GB', 'de-DE', 'fr'], below) } : {}),
    ...(program !== undefined && number % 3 === 0
      ? { contextActivities: { parent: { id: `http://nlj.platform/training-programs/${program}` } } }
      : {}),
    extensions: {
      [`${ext}session_id`]: `play-${person}-${below(50)}`,
      ...(program === undefined ? {} : { [`${ext}program_id`]: program }),
    },
  };
}

export interface Visit {
  readonly person: number;
  readonly activity: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** One visit of a learner to an activity: how it was begun, what was done, how it ended, as far as producers say it. */
export function visit({ person, activity: number, time: start }: Visit, stage: Stage): Draft[] {
  const { below, population, window } = stage;
  const context = contextOf(person, number, stage);
  let time = start;
  const say = (name: string, result?: Record<string, unknown>): Draft => {
    const statement = {
      ...(chance(10, below) ? {} : { version: '1.0.3' }),
      actor: actorOf({ person, time, population, window, below }),
      verb: verb(name),
      object: activity(number, time > (window.since + window.until) / 2),
      ...(result === undefined ? {} : { result }),
      context,
      timestamp: timeText(time, below),
    };
    time = Math.min(time + below(10 * minute), window.until - 1);
    return draft(topicOf(name, below), keyOfPerson(person), statement);
  };
  return [...opening(say, below), ...middle(say, below), ...ending(say, below)];
}

type Say = (name: string, result?: Record<string, unknown>) => Draft;

function opening(say: Say, below: Below): Draft[] {
  const draw = below(10);
  if (draw < 4) return [say('attempted')];
  if (draw < 7) return [say('initialized')];
  return draw < 8 ? [say('initialized'), say('attempted')] : [];
}

function middle(say: Say, below: Below): Draft[] {
  return Array.from({ length: below(4) }, () => {
    switch (below(4)) {
      case 0:
        return say('progressed', { ...duration(below), extensions: { [`${ext}progress`]: below(101) } });
      case 1:
        return say('answered', { success: below(3) > 0, response: oneOf(['a', 'b', 'c'], below) });
      default:
        return say('experienced', below(3) === 0 ? duration(below) : undefined);
    }
  });
}

function ending(say: Say, below: Below): Draft[] {
  const draw = below(100);
  if (draw < 22) return [];
  if (draw < 50)
    return [say('completed', { ...score(below), ...duration(below), ...(below(2) === 0 ? { completion: true } : {}) })];
  if (draw < 72) return [say('passed', { success: true, completion: true, ...score(below), ...duration(below) })];
  if (draw < 86) return [say('failed', { success: false, ...score(below), ...duration(below) })];
  // `success` that contradicts the verb, a completion that says it is none, completions by the result alone.
  if (draw < 88) return [say('failed', { success: true, ...score(below) })];
  if (draw < 90) return [say('completed', { completion: false, ...score(below) })];
  if (draw < 94) return [say('experienced', { completion: true, ...duration(below) })];
  return [say('completed', { completion: true, ...duration(below) }), say('passed', { ...score(below) })];
}

function score(below: Below): Record<string, unknown> {
  const draw = below(100);
  if (draw < 25) return {};
  if (draw < 32) return { score: { scaled: 0, raw: 0, min: 0, max: 20 } };
  if (draw < 40) return { score: { raw: below(21), min: 0, max: 20 } };
  if (draw < 42) return { score: { scaled: -below(100) / 100 } };
  const percent = below(101);
  return { score: draw < 60 ? { scaled: percent / 100, raw: percent, min: 0, max: 100 } : { scaled: percent / 100 } };
}

function duration(below: Below): Record<string, unknown> {
  const seconds = 30 + below(5_400);
  switch (below(8)) {
    case 0:
    case 1:
      return {};
    case 2:
      return { duration: `PT${Math.floor(seconds / 60)}M${seconds % 60}.5S` };
    case 3:
      return { duration: chance(10, below) ? 'P1DT2H' : `PT${Math.floor(seconds / 60)}M` };
    case 4:
      return { duration: chance(10, below) ? 'P0001-01-01T00:00:00' : 'PT0S' };
    default:
      return { duration: `PT${seconds}S` };
  }
}

function topicOf(name: string, below: Below) {
  if (name === 'completed' && below(2) === 0) return 'nlj.activities.completed';
  return below(2) === 0 ? 'xapi-events' : 'nlj.learning.activities';
}

/** The statements that attach a person's mailboxes to the account, where it is one that is linked late. */
export function linking({ person, activity: number, time }: Visit, { below }: Stage): Draft[] {
  return linkingActors(person).map((actor) =>
    draft('xapi-events', keyOfPerson(person), {
      actor,
      verb: verb('experienced'),
      object: activity(number, true),
      timestamp: timeText(time, below),
    }),
  );
}

/** What is no learner's: by the platform, by a group without an identifier, about a person. */
export function oddStatement(time: number, { below, activities, population, window }: Stage): Draft {
  const person = below(population);
  const base = { timestamp: timeText(time, below), version: '1.0.3' };
  const object = activity(below(activities), false);
  const by = () => actorOf({ person, time, population, window, below });
  switch (below(6)) {
    case 0:
      return draft('xapi-events', 'group', {
        ...base,
        actor: { objectType: 'Group', member: [by()] },
        verb: verb('completed'),
        object,
      });
    case 1:
      return draft('xapi-events', keyOfPerson(person), {
        ...base,
        actor: by(),
        verb: verb('shared'),
        object: {
          objectType: 'Agent',
          account: { homePage: 'http://nlj.platform', name: madeUpId('learner', below(population)) },
        },
      });
    default:
      return draft('nlj.learning.activities', 'system', {
        ...base,
        actor: systemActor,
        verb: verb(oneOf(['experienced', 'completed', 'attempted'], below)),
        object,
        result: { completion: true, score: { scaled: 1 } },
        context: { platform: 'NLJ Platform' },
      });
  }
}
