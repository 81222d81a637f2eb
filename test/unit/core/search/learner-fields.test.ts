import { describe, expect, it } from 'vitest';
import type { StatementRow } from '../../../../functions/core/ledger/row.ts';
import { activityKey, learnerFields } from '../../../../functions/core/search/learner-fields.ts';
import { eventName } from '../../../../functions/core/xapi/index.ts';
import { validated } from '../../../support/entries.ts';
import { statement } from '../../../support/statement.ts';

const adl = 'http://adlnet.gov/expapi/verbs/';
const ext = 'http://nlj.platform/extensions/';
const survey = { [`${ext}parent_survey`]: '5a1c0000-0000-4000-8000-0000000005dd' };
const registration = 'b1e5f1f2-0000-4000-8000-00000000000a';

function fields(changes: Readonly<Record<string, unknown>>, topic = 'xapi-events', agentKey: string | null = 'v1.key') {
  const { statement: body } = validated(statement(changes), { topic });
  const row: StatementRow = {
    id: body.id,
    body,
    group: 'learning',
    event: eventName(topic, body),
    origin: 'producer',
    stored: '2026-11-24T18:00:00.123456Z',
    agentKey,
    voided: false,
    documentVersion: 1,
  };
  return learnerFields(row);
}

const verb = (name: string) => ({ verb: { id: adl + name } });
const activity = (id: string, type?: string) => ({
  object: { id, ...(type === undefined ? {} : { definition: { type } }) },
});

describe('what counts in learner numbers', () => {
  it.each([
    ['a learning statement', {}, 'nlj.learning.activities', true],
    [
      'a survey that was started',
      { ...verb('initialized'), context: { extensions: survey } },
      'nlj.survey.responses',
      true,
    ],
    ['a survey that was completed', { ...verb('completed'), context: { extensions: survey } }, 'xapi-events', true],
    [
      'an answer on a topic that knows no surveys',
      { ...verb('answered'), context: { extensions: survey } },
      'nlj.learning.activities',
      false,
    ],
    ['an answer', { ...verb('answered'), context: { extensions: survey } }, 'nlj.survey.responses', false],
    [
      'a statement of the platform',
      { actor: { account: { homePage: 'http://nlj.platform', name: 'system' } } },
      'xapi-events',
      false,
    ],
    [
      'an account `system` elsewhere',
      { actor: { account: { homePage: 'http://example.org', name: 'system' } } },
      'xapi-events',
      true,
    ],
    [
      'a statement that voids another',
      { ...verb('voided'), object: { objectType: 'StatementRef', id: registration } },
      'xapi-events',
      false,
    ],
    ['an unrecognised verb on the survey topic', verb('shared'), 'nlj.survey.responses', false],
  ])('%s: %#', (_, changes, topic, counts) => {
    expect(fields(changes, topic).learner_number).toBe(counts);
  });
});

describe('the names of what is counted as one', () => {
  it('tell learners, activities and registrations apart, whatever the length of an IRI', () => {
    const long = `http://example.org/${'a'.repeat(9_000)}`;
    const all = [
      fields(activity('http://example.org/1')),
      fields(activity(`${long}1`)),
      fields(activity(`${long}2`)),
      fields(activity('http://example.org/1'), 'xapi-events', 'v1.other'),
      fields({ ...activity('http://example.org/1'), context: { registration } }),
    ];
    expect(new Set(all.map(({ activity_key }) => activity_key)).size).toBe(3);
    expect(new Set(all.map(({ pair }) => pair)).size).toBe(4);
    expect(new Set(all.map(({ attempt }) => attempt)).size).toBe(5);
    expect(all[0]?.activity_key).toBe(activityKey('http://example.org/1'));
  });

  it('are those of a registration in either case', () => {
    const [lower, upper] = [registration, registration.toUpperCase()].map((id) =>
      fields({ ...activity('http://example.org/1'), context: { registration: id } }),
    );
    expect(lower).toEqual(upper);
  });

  it('are absent where there is no activity or nobody', () => {
    const aboutSomebody = fields({ object: { objectType: 'Agent', mbox: 'mailto:a@example.org' } });
    expect(aboutSomebody).toMatchObject({ activity_key: undefined, pair: undefined, attempt: undefined });
    expect(fields({}, 'xapi-events', null)).toMatchObject({ pair: undefined, attempt: undefined });
  });
});

describe('completion and success', () => {
  it.each([
    ['completed', undefined, true],
    ['passed', undefined, true],
    ['completed', false, true],
    ['experienced', true, true],
    ['experienced', false, false],
    ['failed', undefined, false],
  ])('%s with completion %s completes: %s', (name, completion, expected) => {
    expect(fields({ ...verb(name), ...(completion === undefined ? {} : { result: { completion } }) }).completes).toBe(
      expected,
    );
  });

  it.each([
    ['passed', undefined, true],
    ['failed', undefined, false],
    ['failed', true, true],
    ['passed', false, false],
    ['answered', true, true],
    ['completed', undefined, undefined],
  ])('%s with success %s succeeded: %s', (name, success, expected) => {
    expect(fields({ ...verb(name), ...(success === undefined ? {} : { result: { success } }) }).succeeded).toBe(
      expected,
    );
  });

  it('a score of 0 is a score, a raw one is none', () => {
    expect(fields({ result: { score: { scaled: 0 } } }).scored).toBe(true);
    expect(fields({ result: { score: { raw: 3 } } }).scored).toBe(false);
  });
});

describe('the category', () => {
  const categoryOf = (type: string | undefined, stated?: unknown) =>
    fields({
      ...activity('http://example.org/1', type),
      context: { extensions: stated === undefined ? {} : { [`${ext}activity_type`]: stated } },
    }).category;

  it.each([
    ['http://adlnet.gov/expapi/activities/course', undefined, 'course'],
    ['http://nlj.platform/activitytypes/assessment/', undefined, 'assessment'],
    ['http://example.org/types#video', undefined, 'video'],
    ['http://adlnet.gov/expapi/activities/course', 'assessment', 'assessment'],
    ['http://adlnet.gov/expapi/activities/course', 7, 'course'],
    ['http://adlnet.gov/expapi/activities/course', 'x'.repeat(300), 'course'],
    [undefined, undefined, undefined],
  ])('of type %s and stated %s is %s', (type, stated, expected) => {
    expect(categoryOf(type, stated)).toBe(expected);
  });
});
