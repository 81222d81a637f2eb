import { describe, expect, it } from 'vitest';
import { type JsonObject, upcast, upcastTable } from '../../../../functions/core/xapi/index.ts';
import { utcTime } from '../../../../functions/core/xapi/upcasting/local-time.ts';
import { parsed, statementWith } from './support/statements.ts';

const adl = 'http://adlnet.gov/expapi/verbs/';
const as = 'http://activitystrea.ms/schema/1.0/';
const nlj = 'http://nlj.platform/verbs/';
const act = 'http://adlnet.gov/expapi/activities/';
const ext = 'http://nlj.platform/extensions/';

const record = {
  cluster: 'arn:aws:kafka:eu-west-1:000000000000:cluster/nlj/1',
  topic: 't',
  partition: 3,
  offset: 7,
  timestamp: 1_755_163_800_000,
};

function run(topic: string, value: JsonObject) {
  return upcast({ value, topic, record: { ...record, topic } });
}

/** Extensions by name without prefix. */
function extensions(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [ext + name, value]));
}

function verb(id: string) {
  return { id, display: { 'en-US': 'x' } };
}

function activity(path: string, type?: string) {
  return {
    id: `http://nlj.platform/${path}`,
    definition: { name: { en: 'N' }, ...(type === undefined ? {} : { type }) },
  };
}

function user(name: string) {
  return { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name } };
}

interface Case {
  readonly rule: string;
  readonly topic: string;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly canonical: Readonly<Record<string, unknown>>;
}

const survey = '5a1c0000-0000-4000-8000-0000000005dd';
const surveyed = { extensions: extensions({ parent_survey: survey }) };

/** One case or more per rule: the members sent (with `version` and the rest of a small statement), and what they become. */
const cases: readonly Case[] = [
  {
    rule: 'delivery-metadata',
    topic: 'xapi-events',
    sent: { producer_id: 'p', producer_timestamp: 1, event_id: 'e', event_type: 'x' },
    canonical: { producer_id: undefined, producer_timestamp: undefined, event_id: undefined, event_type: undefined },
  },
  {
    rule: 'actor-two-identifiers',
    topic: 'xapi-events',
    sent: { actor: { ...user('u1'), mbox: 'mailto:a@b.example' } },
    canonical: { actor: user('u1') },
  },
  {
    rule: 'null-member',
    topic: 'xapi-events',
    sent: {
      result: { score: { scaled: null }, success: null, response: 'x', extensions: { [`${ext}a`]: null } },
      context: { registration: null, extensions: { [`${ext}b`]: null } },
      object: { id: 'a:b', definition: { description: null } },
    },
    canonical: {
      result: { response: 'x', extensions: { [`${ext}a`]: null } },
      context: { extensions: { [`${ext}b`]: null } },
      object: { id: 'a:b', definition: {} },
    },
  },
  {
    rule: 'bare-extension-key',
    topic: 'xapi-events',
    sent: {
      context: { extensions: { a_b: 1, [`${ext}c`]: 2, c: 3 } },
      result: { extensions: { 'x-1': { d: 1 } } },
      object: { id: 'a:b', definition: { extensions: { e: null } } },
    },
    canonical: {
      context: { extensions: extensions({ a_b: 1, c: 2 }) },
      result: { extensions: extensions({ 'x-1': { d: 1 } }) },
      object: { id: 'a:b', definition: { extensions: extensions({ e: null }) } },
    },
  },
  {
    rule: 'context-parent',
    topic: 'nlj.learning.activities',
    sent: { context: { parent: { id: 'a:p' }, contextActivities: { parent: { id: 'a:q' }, other: [] } } },
    canonical: { context: { contextActivities: { parent: [{ id: 'a:q' }, { id: 'a:p' }], other: [] } } },
  },
  {
    rule: 'survey-parent-url',
    topic: 'xapi-events',
    sent: { context: { extensions: extensions({ parent_survey: `http://nlj.platform/content/${survey}` }) } },
    canonical: { context: surveyed },
  },
  {
    rule: 'survey-user-role',
    topic: 'nlj.survey.responses',
    sent: { context: { extensions: extensions({ user_role: 'learner' }) } },
    canonical: { context: { extensions: extensions({ role: 'learner' }) } },
  },
  {
    rule: 'survey-question-iri',
    topic: 'nlj.survey.responses',
    sent: { object: activity('questions/q001'), context: surveyed },
    canonical: { object: activity(`content/${survey}/question/q001`), context: surveyed },
  },
  ...[`${adl}experienced`, `${as}start`].map((id) => ({
    rule: 'survey-started-verb',
    topic: 'nlj.survey.responses',
    sent: { verb: verb(id), object: activity(`content/${survey}`), context: surveyed },
    canonical: {
      verb: { id: `${adl}initialized`, display: { 'en-US': 'started' } },
      object: activity(`content/${survey}`),
      context: surveyed,
    },
  })),
  {
    rule: 'survey-object-type',
    topic: 'xapi-events',
    sent: { object: activity(`content/${survey}`, `${act}assessment`), context: surveyed },
    canonical: { object: activity(`content/${survey}`, 'http://nlj.platform/activities/survey'), context: surveyed },
  },
  {
    rule: 'program-created-verb',
    topic: 'nlj.training.programs',
    sent: { verb: verb(`${adl}authored`) },
    canonical: { verb: { id: `${as}author`, display: { 'en-US': 'authored' } } },
  },
  ...['shared', 'published'].map((word) => ({
    rule: 'program-published-verb',
    topic: 'nlj.training.programs',
    sent: { verb: verb(adl + word) },
    canonical: { verb: { id: `${nlj}published`, display: { 'en-US': 'published' } } },
  })),
  {
    rule: 'session-scheduled-verb',
    topic: 'nlj.training.sessions',
    sent: { verb: verb(`${adl}scheduled`), object: activity('training-sessions/s', `${act}lesson`) },
    canonical: {
      verb: { id: `${as}schedule`, display: { 'en-US': 'scheduled' } },
      object: activity('training-sessions/s', `${act}meeting`),
    },
  },
  {
    rule: 'session-names',
    topic: 'nlj.training.sessions',
    sent: {
      actor: user('trainer'),
      context: {
        parent: { id: 'http://nlj.platform/training-programs/p1' },
        extensions: extensions({
          session_date: '2025-09-02',
          session_time: '13:00',
          max_participants: 12,
          location: 'L',
        }),
      },
    },
    canonical: {
      actor: user('trainer'),
      context: {
        extensions: extensions({
          location: 'L',
          start_time: '2025-09-02T13:00:00Z',
          instructor_id: 'trainer',
          capacity: 12,
          program_id: 'p1',
        }),
      },
    },
  },
  ...['sessions', 'bookings'].map((topic) => ({
    rule: 'cancelled-verb',
    topic: `nlj.training.${topic}`,
    sent: { verb: verb(`${adl}voided`) },
    canonical: { verb: { id: `${nlj}cancelled`, display: { 'en-US': 'cancelled' } } },
  })),
  {
    rule: 'booking-requested-verb',
    topic: 'nlj.training.bookings',
    sent: {
      verb: verb(`${adl}registered`),
      object: activity('training-sessions/s', `${act}lesson`),
      context: { extensions: extensions({ booking_id: 'b', special_requirements: '' }) },
    },
    canonical: {
      verb: { id: `${adl}asked`, display: { 'en-US': 'requested' } },
      object: activity('training-sessions/s', `${act}meeting`),
      context: { extensions: extensions({ booking_id: 'b' }) },
    },
  },
  {
    rule: 'booking-object',
    topic: 'nlj.training.bookings',
    sent: {
      actor: user('admin'),
      verb: verb(`${adl}approved`),
      object: activity('training-bookings/b1', 'http://nlj.platform/activities/booking'),
      context: {
        parent: { id: 'http://nlj.platform/training-sessions/s1' },
        extensions: extensions({ learner_id: 'l1', learner_name: 'Dana' }),
      },
    },
    canonical: {
      actor: user('l1'),
      verb: { id: `${adl}registered`, display: { 'en-US': 'registered' } },
      object: {
        objectType: 'Activity',
        id: 'http://nlj.platform/training-sessions/s1',
        definition: { type: `${act}meeting` },
      },
      context: { extensions: extensions({ confirmation_method: 'approval', confirmed_by: 'admin', booking_id: 'b1' }) },
    },
  },
  {
    rule: 'booking-object',
    topic: 'nlj.training.bookings',
    sent: {
      actor: user('admin'),
      verb: verb(`${nlj}cancelled`),
      object: activity('training-bookings/b1'),
      context: { extensions: extensions({ learner_id: 'l1' }) },
    },
    canonical: {
      actor: user('l1'),
      verb: verb(`${nlj}cancelled`),
      object: activity('training-bookings/b1'),
      context: { extensions: extensions({ cancelled_by: 'admin', booking_id: 'b1' }) },
    },
  },
  {
    rule: 'checked-in-verb',
    topic: 'nlj.training.attendance',
    sent: { verb: verb(`${adl}attended`), context: { extensions: extensions({ check_in_time: 'T' }) } },
    canonical: {
      verb: { id: `${nlj}checked-in`, display: { 'en-US': 'checked in' } },
      context: { extensions: extensions({ check_in_time: 'T' }) },
    },
  },
  {
    rule: 'attendance-completed-verb',
    topic: 'nlj.training.attendance',
    sent: {
      verb: verb(`${adl}completed`),
      result: { completion: true, extensions: extensions({ attendance_percentage: 90, a: 1 }) },
    },
    canonical: {
      verb: { id: `${adl}attended`, display: { 'en-US': 'attended' } },
      result: { completion: true, extensions: extensions({ a: 1 }) },
      context: { extensions: extensions({ completion_percentage: 90 }) },
    },
  },
  {
    rule: 'certificate-earned-verb',
    topic: 'nlj.training.certificates',
    sent: { verb: verb(`${adl}earned`) },
    canonical: { verb: { id: 'http://id.tincanapi.com/verb/earned', display: { 'en-US': 'earned' } } },
  },
  {
    rule: 'certificate-type',
    topic: 'nlj.training.certificates',
    sent: { object: activity('certificates/c', `${act}badge`) },
    canonical: { object: activity('certificates/c', `${as}badge`) },
  },
  ...[
    ['requested', 'requested'],
    ['progress', 'progressed'],
    ['progressing', 'progressed'],
    ['failed', 'failed'],
  ].map(([status, word]) => ({
    rule: 'generation-status-verb',
    topic: 'nlj.content.generation',
    sent: { verb: verb(`${adl}authored`), result: { extensions: extensions({ generation_status: status }) } },
    canonical: {
      verb: { id: `${nlj}generation-${word}`, display: { 'en-US': `generation ${word}` } },
      result: { extensions: extensions({ generation_status: status }) },
    },
  })),
  ...['modified', 'imported', 'reviewed'].map((word) => ({
    rule: `content-${word}-verb`,
    topic: 'nlj.activities.reviews',
    sent: { verb: verb(adl + word) },
    canonical: { verb: { id: nlj + word, display: { 'en-US': word } } },
  })),
  {
    rule: 'generation-prompt-names',
    topic: 'nlj.content.generation',
    sent: { result: { extensions: extensions({ prompt: 'P', content_type: 'scenario', source_documents: ['d'] }) } },
    canonical: {
      context: {
        extensions: extensions({
          prompt_config: { generated_prompt_text: 'P', generation_type: 'scenario' },
          source_document_ids: ['d'],
        }),
      },
    },
  },
  {
    rule: 'extension-place',
    topic: 'nlj.training.sessions',
    sent: {
      result: { extensions: extensions({ cancellation_reason: 'R', affected_bookings: 2 }) },
      object: { id: 'a:b', definition: { extensions: extensions({ capacity: 3, program_id: 'p' }) } },
      context: { extensions: extensions({ program_id: 'q' }) },
    },
    canonical: {
      result: { extensions: extensions({ affected_bookings: 2 }) },
      object: { id: 'a:b', definition: {} },
      context: { extensions: extensions({ program_id: 'q', capacity: 3, cancellation_reason: 'R' }) },
    },
  },
  { rule: 'missing-version', topic: 'xapi-events', sent: { version: undefined }, canonical: { version: '1.0.0' } },
  {
    rule: 'missing-timestamp',
    topic: 'xapi-events',
    sent: { timestamp: undefined },
    canonical: { timestamp: '2025-08-14T09:30:00.000Z' },
  },
  {
    rule: 'missing-id',
    topic: 'xapi-events',
    sent: { id: undefined },
    canonical: { id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/) },
  },
];

describe('the upcasting table', () => {
  it.each(cases)('$rule on $topic', ({ rule, topic, sent, canonical }) => {
    const { statement, rules } = run(topic, statementWith({ version: '1.0.3', ...sent }));
    expect(rules).toEqual([rule]);
    expect(statement).toEqual(
      statementWith({ version: '1.0.3', ...sent, ...withoutMoved(sent, canonical), ...canonical }),
    );
    expect(run(topic, statement)).toMatchObject({ statement, rules: [] });
  });

  it('has a test for every rule, and a name and a description of its own', () => {
    const tested = new Set(cases.map(({ rule }) => rule));
    expect([...new Set(upcastTable.map(({ name }) => name))].filter((name) => !tested.has(name))).toEqual([]);
    for (const { name, description } of upcastTable) {
      expect(name).toMatch(/^[a-z][a-z-]*$/);
      expect(description).not.toBe('');
    }
  });
});

/** A result that the canonical form does not mention and that held only what moved is gone. */
function withoutMoved(sent: Case['sent'], canonical: Case['canonical']): JsonObject {
  const isMoved =
    canonical['context'] !== undefined && sent['result'] !== undefined && canonical['result'] === undefined;
  return isMoved ? { result: undefined } : {};
}

describe('attendance of later producers', () => {
  it('is a check-in where the result held only the time of it', () => {
    const sent = { verb: verb(`${adl}attended`), result: { extensions: extensions({ check_in_time: 'T' }) } };
    const { statement, rules } = run('nlj.training.attendance', statementWith({ version: '1.0.0', ...sent }));
    expect(rules).toEqual(['extension-place', 'checked-in-verb']);
    expect(statement).not.toHaveProperty('result');
  });

  it('that is completed stays completed without a result', () => {
    const sent = { verb: verb(`${adl}completed`), context: { extensions: extensions({ check_in_time: 'T' }) } };
    const { statement } = run('nlj.training.attendance', statementWith(sent));
    expect(statement).toMatchObject({ verb: { id: `${adl}attended` }, result: { completion: true } });
    expect(run('nlj.training.attendance', statement).rules).toEqual([]);
  });
});

describe('what a rule leaves alone', () => {
  it.each([
    ['an actor with an account only', 'xapi-events', { actor: user('u') }],
    [
      'experienced without a survey',
      'xapi-events',
      { verb: verb(`${adl}experienced`), object: activity(`content/${survey}`) },
    ],
    [
      'experienced of something else in a survey',
      'xapi-events',
      { verb: verb(`${adl}experienced`), object: activity('content/other'), context: surveyed },
    ],
    [
      'survey rules on learning topics',
      'nlj.learning.activities',
      { verb: verb(`${as}start`), object: activity(`content/${survey}`), context: surveyed },
    ],
    [
      'a confirmation',
      'nlj.training.bookings',
      {
        verb: verb(`${adl}registered`),
        object: activity('training-sessions/s'),
        context: { extensions: extensions({ confirmation_method: 'automatic' }) },
      },
    ],
    [
      'voided on a statement',
      'nlj.training.bookings',
      { verb: verb(`${adl}voided`), object: { objectType: 'StatementRef', id: survey } },
    ],
    ['voided on other topics', 'xapi-events', { verb: verb(`${adl}voided`) }],
    [
      'an attendance with a result',
      'nlj.training.attendance',
      {
        verb: verb(`${adl}attended`),
        result: { completion: true },
        context: { extensions: extensions({ check_in_time: 'T' }) },
      },
    ],
    [
      'a status that is none',
      'nlj.content.generation',
      { verb: verb(`${adl}authored`), context: { extensions: extensions({ generation_status: 'constructor' }) } },
    ],
    ['null elsewhere', 'xapi-events', { actor: { mbox: null }, result: null }],
    ['an id of null', 'xapi-events', { id: null, timestamp: null }],
    [
      'extension keys that are no words',
      'xapi-events',
      { context: { extensions: { '1a': 1, 'a b': 2, 'http://e.example': 3 } } },
    ],
    ['a parent that is text', 'xapi-events', { context: { parent: 'a:b' } }],
  ])('%s', (_what, topic, sent) => {
    const value = statementWith({ version: '1.0.0', ...sent });
    const { statement, rules } = run(topic, value);
    expect(rules).toEqual([]);
    expect(statement).toBe(value);
  });
});

describe('upcast', () => {
  it('keeps delivery metadata, as it was sent', () => {
    const { delivery } = run('xapi-events', statementWith({ producer_id: 'p', event_type: 3 }));
    expect(delivery).toEqual({ producer_id: 'p', event_type: 3 });
  });

  it('links an NLJ account with the mailbox beside it', () => {
    const mbox = 'mailto:a@b.example';
    const linked = (actor: object) => run('xapi-events', statementWith({ actor })).identityLink;
    expect(linked({ ...user('u1'), mbox })).toEqual({ userId: 'u1', mbox });
    expect(linked({ account: { homePage: 'http://other.example', name: 'u1' }, mbox })).toBeUndefined();
    expect(linked({ ...user('u1'), mbox: 'a@b.example' })).toBeUndefined();
    expect(linked(user('u1'))).toBeUndefined();
  });

  it('takes the id from the place of the record, and says so', () => {
    const value = statementWith({ id: undefined, timestamp: undefined });
    const first = upcast({ value, topic: 't', record });
    expect(first).toMatchObject({ idAssigned: true, timestampAssigned: true });
    expect(upcast({ value, topic: 't', record }).statement).toEqual(first.statement);
    const others = [{ offset: 8 }, { partition: 4 }, { topic: 'u' }, { cluster: 'arn:x' }, { timestamp: 1 }];
    const ids = others.map((other) => upcast({ value, topic: 't', record: { ...record, ...other } }).statement['id']);
    expect(new Set([first.statement['id'], ...ids]).size).toBe(others.length + 1);
    expect(run('t', statementWith())).toMatchObject({ idAssigned: false, timestampAssigned: false });
  });

  it('keeps ids for good: this one must never change', () => {
    expect(upcast({ value: {}, topic: 't', record }).statement['id']).toBe('c6ffe6a2-d5c5-570f-9ad6-96590ae9e890');
  });

  it.each([-1, Number.NaN, 1e300])('takes a record timestamp of %d', (timestamp) => {
    expect(upcast({ value: {}, topic: 't', record: { ...record, timestamp } }).statement['timestamp']).toMatch(/T/);
  });

  it('does not touch what is nested too deep', () => {
    const value = { event_type: parsed('['.repeat(20_000) + ']'.repeat(20_000)) };
    expect(run('xapi-events', value).statement).toBe(value);
  });

  it('keeps __proto__ a member', () => {
    const value = statementWith({
      event_id: 1,
      context: { extensions: parsed('{"__proto__":1,"a":{"__proto__":2}}') },
    });
    expect(JSON.stringify(run('xapi-events', value).statement['context'])).toBe(
      `{"extensions":{"__proto__":1,"${ext}a":{"__proto__":2}}}`,
    );
  });
});

describe('local times of sessions', () => {
  it.each([
    ['2025-09-02', '13:00', undefined, '2025-09-02T13:00:00Z'],
    ['2025-09-02', '13:00:30', 'UTC', '2025-09-02T13:00:30Z'],
    ['2025-09-02', '13:00', 'Europe/Berlin', '2025-09-02T11:00:00Z'],
    ['2025-12-02', '13:00', 'Europe/Berlin', '2025-12-02T12:00:00Z'],
    ['2025-03-30', '03:30', 'Europe/Berlin', '2025-03-30T01:30:00Z'],
    ['2025-10-26', '00:30', 'Europe/Berlin', '2025-10-25T22:30:00Z'],
    ['2025-09-02', '13:00', 'America/New_York', '2025-09-02T17:00:00Z'],
    ['2025-09-02', '13:00', '+05:30', '2025-09-02T07:30:00Z'],
    ['2025-09-02', '13:00', 'Nowhere/Land', undefined],
    ['2025-09-02', '13:00', 3, undefined],
    ['2025-02-30', '13:00', undefined, undefined],
    ['2025-09-02', '25:00', undefined, undefined],
    ['2025-09-02', 13, undefined, undefined],
    ['2. 9. 2025', '13:00', undefined, undefined],
  ])('%s %s %s is %s', (date, time, zone, utc) => {
    expect(utcTime(date, time, zone)).toBe(utc);
  });
});
