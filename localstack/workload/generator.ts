import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { TopicGroupName } from '../../lib/catalogue.ts';
import { contentMessage } from './content.ts';
import { adl, type Below, ext, learner, learners, madeUpId, statementId } from './made-up.ts';
import type { OutgoingMessage } from './message.ts';
import { trainingMessage } from './training.ts';

export interface GeneratorOptions {
  /** The same seed makes the same messages. */
  readonly seed: number;
  readonly count: number;
  /** Of 1,000 messages, how many repeat an earlier one byte for byte. */
  readonly duplicatesPerMille?: number;
  /** Of 1,000 messages, how many are bad in one of several ways. */
  readonly badPerMille?: number;
  /** Statement time of the first message, milliseconds since the epoch. */
  readonly since?: number;
  /** The same messages with statement ids of their own. */
  readonly idSpace?: string;
  /** Topic groups whose topics get messages; default all. */
  readonly groups?: readonly TopicGroupName[];
}

const activities = 40;
const surveys = 6;
const questions = 10;
const departments = ['Service', 'Sales', 'Operations', 'Engineering', 'People'] as const;
const locations = ['Leeds', 'Lyon', 'Lisbon', 'Lund'] as const;

const makers: Readonly<Record<TopicGroupName, (id: string, time: string, below: Below) => OutgoingMessage>> = {
  survey: surveyMessage,
  learning: learningMessage,
  training: trainingMessage,
  content: contentMessage,
};

/** How often each group's topics get a message, against each other. */
const shares: Readonly<Record<TopicGroupName, number>> = { survey: 4, learning: 6, training: 3, content: 2 };
const allGroups = ['survey', 'learning', 'training', 'content'] as const satisfies readonly TopicGroupName[];

/**
 * Made-up statements of the consumed topics, in the shapes that producers send (both generations), with repetitions and
 * bad records mixed in. No two seeds share a statement id.
 */
export function* generateMessages(options: GeneratorOptions): Generator<OutgoingMessage> {
  const {
    seed,
    count,
    duplicatesPerMille = 0,
    badPerMille = 0,
    since = Date.UTC(2026, 0, 5, 8),
    idSpace = '',
    groups = allGroups,
  } = options;
  const lots = groups.flatMap((group) => Array.from({ length: shares[group] }, () => makers[group]));
  const random = xoroshiro128plus(seed);
  const below = (limit: number) => uniformInt(random, 0, limit - 1);
  const recent: OutgoingMessage[] = [];
  for (let number = 0; number < count; number += 1) {
    const draw = below(1_000);
    if (draw < duplicatesPerMille && recent.length > 0) {
      const earlier = recent[below(recent.length)];
      if (earlier !== undefined) {
        yield earlier;
        continue;
      }
    }
    const id = statementId(seed, number, idSpace);
    const time = new Date(since + number * 1_000).toISOString();
    const make = lots[below(lots.length)] ?? learningMessage;
    const message = make(id, time, below);
    if (draw < duplicatesPerMille + badPerMille) {
      yield spoil(message, below(badKinds.length));
      continue;
    }
    recent[number % 256] = message;
    yield message;
  }
}

function learningMessage(id: string, timestamp: string, below: Below): OutgoingMessage {
  const person = below(learners);
  const number = below(activities);
  const scaled = below(101) / 100;
  const verb = (['attempted', 'experienced', 'completed', 'passed', 'failed'] as const)[below(5)] ?? 'attempted';
  const statement = {
    id,
    version: '1.0.3',
    // The older producers send the mailbox beside the account.
    actor: below(4) === 0 ? { ...learner(person), mbox: `mailto:learner${person}@example.org` } : learner(person),
    verb: { id: `${adl}${verb}`, display: { 'en-US': verb } },
    object: {
      objectType: 'Activity',
      id: `http://nlj.platform/activities/${madeUpId('activity', number)}`,
      definition: { name: { 'en-US': `Activity ${number}` }, type: 'http://nlj.platform/activitytypes/assessment' },
    },
    ...(verb === 'attempted' || verb === 'experienced'
      ? {}
      : {
          result: {
            success: verb !== 'failed',
            completion: true,
            score: { scaled },
            duration: `PT${60 + below(3_000)}S`,
          },
        }),
    context: {
      platform: 'NLJ Platform',
      registration: madeUpId('registration', `${person}/${number}`),
      extensions: { [`${ext}session_id`]: `play-${below(10_000)}`, [`${ext}activity_type`]: 'assessment' },
    },
    timestamp,
  };
  const topic =
    verb === 'completed' && below(2) === 0
      ? 'nlj.activities.completed'
      : below(2) === 0
        ? 'xapi-events'
        : 'nlj.learning.activities';
  return { topic, key: Buffer.from(madeUpId('learner', person)), value: Buffer.from(JSON.stringify(statement)) };
}

function surveyMessage(id: string, timestamp: string, below: Below): OutgoingMessage {
  const person = below(learners);
  const survey = madeUpId('survey', below(surveys));
  const question = `q${String(below(questions) + 1).padStart(3, '0')}`;
  const kind = below(12);
  const object = (path: string, type: string) => ({
    objectType: 'Activity',
    id: `http://nlj.platform/content/${survey}${path}`,
    definition: { name: { 'en-US': 'Engagement survey' }, type },
  });
  const base = { id, version: '1.0.3', actor: learner(person), timestamp };
  const extensions = {
    [`${ext}parent_survey`]: survey,
    [`${ext}department`]: departments[person % departments.length],
    [`${ext}location`]: locations[person % locations.length],
  };
  const value = 1 + below(5);
  const statement =
    kind === 0
      ? {
          ...base,
          verb: { id: 'http://activitystrea.ms/schema/1.0/start', display: { 'en-US': 'started' } },
          object: object('', 'http://adlnet.gov/expapi/activities/assessment'),
          context: { platform: 'NLJ Platform', extensions },
        }
      : kind === 1
        ? {
            ...base,
            verb: { id: `${adl}completed`, display: { 'en-US': 'completed' } },
            object: object('', 'http://nlj.platform/activities/survey'),
            result: { completion: true, duration: `PT${120 + below(900)}S` },
            context: {
              platform: 'NLJ Platform',
              extensions: { ...extensions, [`${ext}questions_answered`]: questions },
            },
          }
        : {
            ...base,
            verb: { id: `${adl}answered`, display: { 'en-US': 'answered' } },
            object: object(`/question/${question}`, 'http://adlnet.gov/expapi/activities/question'),
            result: { response: String(value), score: { raw: value, min: 1, max: 5, scaled: (value - 1) / 4 } },
            context: {
              platform: 'NLJ Platform',
              extensions: { ...extensions, [`${ext}question_id`]: question, [`${ext}question_type`]: 'likert_scale' },
            },
          };
  return { topic: 'nlj.survey.responses', key: Buffer.from(survey), value: Buffer.from(JSON.stringify(statement)) };
}

/** The ways in which generated records are bad. */
export const badKinds = ['tombstone', 'empty', 'not JSON', 'array', 'no verb', 'score out of range'] as const;

/** A message made bad. @param kind position in `badKinds` */
export function spoil(message: OutgoingMessage, kind: number): OutgoingMessage {
  const text = message.value?.toString() ?? '';
  switch (badKinds[kind]) {
    case 'tombstone':
      return { ...message, value: null };
    case 'empty':
      return { ...message, value: Buffer.alloc(0) };
    case 'array':
      return { ...message, value: Buffer.from(`[${text}]`) };
    case 'no verb':
      return { ...message, value: Buffer.from(text.replace('"verb":', '"verbs":')) };
    case 'score out of range':
      return {
        ...message,
        value: Buffer.from(
          text
            .replace('"version"', '"result":{"score":{"scaled":7}},"version"')
            .replace(/,"result":\{.*?\}(?=,"context")/, ''),
        ),
      };
    default:
      return { ...message, value: Buffer.from(text.slice(0, -2)) };
  }
}
