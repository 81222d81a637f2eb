import { describe, expect, it } from 'vitest';
import { validateBatch, validateStatement } from '../../../../functions/core/xapi/index.ts';
import { type RuleId, rules } from '../../../../functions/core/xapi/rules.ts';
import { parsed } from './support/statements.ts';

/**
 * The standard's requirements on statement data, section by section, beyond what the conformance suite's sample holds:
 * what each rule must refuse, and what it must not. `docs/conformance.md` names the sections of this file.
 */

const uuid = '5a1c0000-0000-4000-8000-000000000001';
const agent = { mbox: 'mailto:a@b.example' };
const verb = { id: 'http://v.example/v' };
const activity = { id: 'http://o.example/o' };
const ref = { objectType: 'StatementRef', id: uuid };
const voided = { id: 'http://adlnet.gov/expapi/verbs/voided' };
const attachment = {
  usageType: 'http://u.example',
  display: { en: 'A' },
  contentType: 'text/plain',
  length: 3,
  sha2: 'abc',
};

type Members = Readonly<Record<string, unknown>>;

const statement = (members: Members): Members => ({ actor: agent, verb, object: activity, ...members });
const subStatement = (members: Members = {}): Members => ({ objectType: 'SubStatement', ...statement(members) });
const withActor = (actor: unknown) => statement({ actor });
const withObject = (object: unknown) => statement({ object });
const withDefinition = (definition: unknown) => withObject({ ...activity, definition });
const withResult = (result: unknown) => statement({ result });
const withScore = (score: unknown) => withResult({ score });
const withContext = (context: unknown) => statement({ context });
const withContextActivities = (contextActivities: unknown) => withContext({ contextActivities });
const withAttachment = (members: Members) => statement({ attachments: [{ ...attachment, ...members }] });
const withList = (interactionType: string, list: string, components: unknown) =>
  withDefinition({ interactionType, [list]: components });
const without = (object: Members, name: string): Members =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

const covered = new Set<string>();

/** Every value is refused, by the rule among others. */
function refuses(rule: RuleId, values: readonly unknown[]): void {
  covered.add(rule);
  it.each(values.map((value) => [value] as const))(`${rule} refuses %j`, (value) => {
    const outcome = validateStatement(value);
    expect(outcome.ok ? [] : outcome.errors.map((error) => error.rule)).toContain(rule);
  });
}

function accepts(what: string, values: readonly unknown[]): void {
  it.each(values.map((value) => [value] as const))(`accepts ${what}: %j`, (value) => {
    const outcome = validateStatement(value);
    expect(outcome.ok ? [] : outcome.errors).toEqual([]);
  });
}

/** Names that every object inherits: none is a member. */
const inherited = ['hasOwnProperty', 'constructor', 'toString', '__defineGetter__'];

describe('2.2 Formatting requirements', () => {
  refuses('statement', ['', 0, true, [], [statement({})]]);
  refuses('null', [
    null,
    withActor(null),
    withActor({ objectType: 'Group', ...agent, member: null }),
    withActor({ objectType: 'Group', member: [null] }),
    withContextActivities({ parent: null }),
    withContextActivities({ parent: [null] }),
    withDefinition({ extensions: null }),
    statement({ verb: { ...verb, display: { en: null } } }),
    statement({ attachments: [null] }),
  ]);
  refuses('unknown-member', [
    statement({ Actor: agent }),
    statement({ verb: { ...verb, ID: 'a:b' } }),
    withActor({ ...agent, member: [] }),
    withActor({ account: { homePage: 'http://h.example', name: 'x', id: 1 } }),
    withObject({ ...activity, name: 'x' }),
    withObject({ objectType: 'Agent', ...agent, id: 'a:b' }),
    withObject({ ...ref, definition: {} }),
    withDefinition({ foo: 1 }),
    withList('choice', 'choices', [{ id: 'a', x: 1 }]),
    withResult({ foo: 1 }),
    withScore({ x: 1 }),
    withContext({ foo: 1 }),
    withContextActivities({ Parent: [activity] }),
    withAttachment({ x: 1 }),
    ...inherited.map((name) => statement({ [name]: 1 })),
    withResult(parsed('{"__proto__":1}')),
    withDefinition(parsed('{"__proto__":{}}')),
    parsed('{"actor":{"mbox":"mailto:a@b.example"},"verb":{"id":"a:b"},"__proto__":{"object":{"id":"a:b"}}}'),
  ]);
  refuses('finite-number', [withScore({ raw: Number.NaN }), withResult({ extensions: { 'a:b': [parsed('1e400')] } })]);
  refuses('nesting', [withResult({ extensions: { 'a:b': parsed('['.repeat(200) + ']'.repeat(200)) } })]);
});

describe('2.4.1 ID, and 4.4 UUIDs', () => {
  const wrong = ['', uuid.slice(1), `${uuid}0`, `{${uuid}}`, `urn:uuid:${uuid}`, uuid.replaceAll('-', ''), ` ${uuid}`];
  const all = [...wrong, uuid.replace('5', 'g'), `${uuid}\n`, 1, true, {}, []];
  refuses(
    'statement-id',
    all.map((id) => statement({ id })),
  );
  refuses(
    'registration',
    all.map((registration) => withContext({ registration })),
  );
  refuses('statement-ref-id', [
    ...all.map((id) => withObject({ objectType: 'StatementRef', id })),
    withObject({ objectType: 'StatementRef' }),
    withContext({ statement: { objectType: 'StatementRef', id: 'x' } }),
  ]);
  accepts(
    'any version and variant, in either letter case',
    [
      uuid.toUpperCase(),
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '5a1c0000-0000-9000-0000-000000000001',
    ].map((id) => statement({ id, object: { ...ref, id }, context: { registration: id } })),
  );

  covered.add('repeated-id');
  it.each([
    [[], true],
    [[statement({}), statement({})], true],
    [[statement({ id: uuid }), statement({ id: uuid })], false],
    [[statement({ id: uuid }), statement({ id: uuid.toUpperCase() })], false],
    [[[statement({})]], false],
  ])('repeated-id: a batch of %j is valid: %s', (batch, expected) => {
    expect(validateBatch(batch).ok).toBe(expected);
  });
});

describe('2.4.2 Actor', () => {
  refuses('statement-actor', [without(statement({}), 'actor'), withActor(''), withActor(1), withActor([])]);
  refuses('agent-identifier', [
    withActor({}),
    withActor({ name: 'x' }),
    withActor({ ...agent, openid: 'http://o.example' }),
    withActor({ objectType: 'Group', member: [{ name: 'x' }] }),
    withActor(parsed('{"__proto__":{"mbox":"mailto:a@b.example"}}')),
  ]);
  refuses(
    'actor-object-type',
    ['agent', 'AGENT', 'group', 'Person', '', 1, 'Activity', 'StatementRef', ...inherited].map((objectType) =>
      withActor({ objectType, ...agent }),
    ),
  );
  refuses('agent', [
    withActor({ objectType: 'Group', member: [1] }),
    withActor({ objectType: 'Group', member: ['x'] }),
  ]);
  refuses('agent-object-type', [
    withActor({ objectType: 'Group', ...agent, member: [{ objectType: 'Group', ...agent }] }),
  ]);
  refuses('actor-name', [withActor({ ...agent, name: 1 }), withActor({ objectType: 'Group', member: [], name: {} })]);
  refuses('group-identifier', [withActor({ objectType: 'Group', ...agent, mbox_sha1sum: 'a'.repeat(40) })]);
  refuses('group-member', [
    withActor({ objectType: 'Group', member: agent }),
    withActor({ objectType: 'Group', member: '' }),
  ]);
  refuses('anonymous-group-member', [
    withActor({ objectType: 'Group' }),
    withActor({ objectType: 'Group', name: 'x' }),
  ]);
  accepts('groups', [
    withActor({ objectType: 'Group', member: [] }),
    withActor({ objectType: 'Group', ...agent }),
    withActor({ objectType: 'Group', ...agent, member: [agent, { objectType: 'Agent', ...agent }] }),
    withActor({ ...agent, name: '' }),
  ]);
});

describe('2.4.2.3 Inverse functional identifiers', () => {
  refuses(
    'mbox',
    [
      'a@b.example',
      'mailto:',
      'mailto:a',
      'mailto:a@',
      'mailto:@b.example',
      'mailto:a@b@c.example',
      'mailto:a@b.example,c@d.example',
      'mailto:a b@c.example',
      'mailto:a@b.example?subject=x',
      'mailto:a@b..example',
      'mailto:a@.b',
      'mailto: a@b.example',
      'mailto:a@b.example ',
      'mailto:a@b.example\n',
      'http://a@b.example',
      '',
      1,
      [],
    ].map((mbox) => withActor({ mbox })),
  );
  accepts(
    'addresses',
    [
      'a+b@c.example',
      'a.b@c.co',
      'ä@ö.example',
      'a@localhost',
      'a@[127.0.0.1]',
      'a%20b@c.example',
      "o'x@C.example",
    ].map((address) => withActor({ mbox: `mailto:${address}` })),
  );
  refuses(
    'mbox-sha1sum',
    ['a'.repeat(39), 'a'.repeat(41), 'g'.repeat(40), '', 1].map((hash) => withActor({ mbox_sha1sum: hash })),
  );
  accepts('a hash in capitals', [withActor({ mbox_sha1sum: 'A'.repeat(40) })]);
  refuses(
    'openid',
    ['http://ö.example', 'a.example', 'http://a b', '', 1].map((openid) => withActor({ openid })),
  );
  refuses('account', [withActor({ account: 'x' }), withActor({ account: [] })]);
  refuses(
    'account-home-page',
    ['', 'www.h.example', '/h', 1, undefined].map((homePage) => withActor({ account: { homePage, name: 'x' } })),
  );
  refuses(
    'account-name',
    [1, {}, undefined].map((name) => withActor({ account: { homePage: 'http://h.example', name } })),
  );
  accepts('an empty account name', [withActor({ account: { homePage: 'http://h.example', name: '' } })]);
});

describe('2.4.3 Verb, and 4.3 IRIs', () => {
  const wrong = [
    '',
    'x',
    '/a',
    '//a.b',
    'http//x',
    '1a:b',
    ':a',
    'ä:b',
    ' http://a',
    'http://a\n',
    'http://a\t',
    1,
    {},
  ];
  const forbidden = [...' <>"{}|\\^`'].map((character) => `http://a${character}b`);
  const all = [...wrong, ...forbidden];
  refuses('statement-verb', [without(statement({}), 'verb'), statement({ verb: 'x' }), statement({ verb: [] })]);
  refuses('verb-id', [...all.map((id) => statement({ verb: { id } })), statement({ verb: {} })]);
  refuses(
    'activity-id',
    all.map((id) => withObject({ id })),
  );
  refuses(
    'activity-type',
    all.map((type) => withDefinition({ type })),
  );
  refuses(
    'activity-more-info',
    all.map((moreInfo) => withDefinition({ moreInfo })),
  );
  refuses(
    'attachment-usage-type',
    all.map((usageType) => withAttachment({ usageType })),
  );
  refuses(
    'attachment-file-url',
    all.map((fileUrl) => withAttachment({ fileUrl })),
  );
  accepts(
    'IRIs',
    ['http://ö.example/ü', 'urn:isbn:1', 'tag:a,2020:b', 'act:', 'HTTP://X', 'a+b-c.d:e', 'http://example.com/فعل'].map(
      (id) => statement({ verb: { id }, object: { id, definition: { type: id, moreInfo: id } } }),
    ),
  );
  refuses(
    'verb-display',
    ['x', 1, []].map((display) => statement({ verb: { ...verb, display } })),
  );
});

describe('2.3.2 Voiding', () => {
  refuses('voiding-object', [
    statement({ verb: voided }),
    statement({ verb: voided, object: { objectType: 'Agent', ...agent } }),
    statement({ verb: voided, object: subStatement() }),
    withObject(subStatement({ verb: voided })),
  ]);
  accepts('voiding of a statement', [statement({ verb: voided, object: ref })]);
});

describe('2.4.4 Object', () => {
  refuses('statement-object', [without(statement({}), 'object'), withObject(''), withObject([])]);
  refuses(
    'object-type',
    ['activity', 'ACTIVITY', 'agent', 'Substatement', 'statementRef', 'Person', '', 1, ...inherited].map((objectType) =>
      withObject({ ...activity, objectType }),
    ),
  );
  refuses('activity-id', [withObject({}), withObject(agent), withObject({ member: [agent] })]);
  refuses('activity', [withContextActivities({ parent: [1] })]);
  refuses('activity-object-type', [
    withContextActivities({ parent: { objectType: 'activity', ...activity } }),
    withContextActivities({ parent: { objectType: 'Agent', ...agent } }),
    withContextActivities({ parent: [ref] }),
  ]);
  refuses('activity-definition', [withDefinition('x'), withDefinition([])]);
  refuses('activity-name', [withDefinition({ name: 'x' }), withDefinition({ name: [] })]);
  refuses('activity-description', [withDefinition({ description: 'x' })]);
  refuses('activity-extensions', [withDefinition({ extensions: 'x' }), withDefinition({ extensions: [] })]);
  refuses('statement-ref', [
    withContext({ statement: { id: uuid } }),
    withContext({ statement: activity }),
    withContext({ statement: subStatement() }),
    withContext({ statement: 'x' }),
  ]);
  accepts('agents and groups as objects', [
    withObject({ objectType: 'Agent', ...agent }),
    withObject({ objectType: 'Group', member: [] }),
    withObject({ objectType: 'Group', ...agent }),
  ]);
});

describe('2.4.4.1 Interaction activities', () => {
  const lists = [
    ['choice', 'choices'],
    ['sequencing', 'choices'],
    ['likert', 'scale'],
    ['matching', 'source'],
    ['matching', 'target'],
    ['performance', 'steps'],
  ] as const;
  const each = (components: unknown) => lists.map(([type, list]) => withList(type, list, components));
  accepts('each list of its type', [
    ...each([]),
    ...each([{ id: '' }, { id: 'a', description: { en: 'x' } }]),
    withDefinition({ interactionType: 'matching', source: [{ id: 'a' }], target: [{ id: 'a' }] }),
    withDefinition({ interactionType: 'choice', type: 'http://x.example/y' }),
  ]);
  refuses(
    'interaction-type',
    ['True-False', 'true_false', 'Likert', '', 1, ...inherited].map((type) =>
      withDefinition({ interactionType: type }),
    ),
  );
  refuses('interaction-needs-type', [
    ...lists.map(([, list]) => withDefinition({ [list]: [] })),
    withDefinition({ correctResponsesPattern: [] }),
  ]);
  refuses(
    'interaction-list',
    ['true-false', 'fill-in', 'long-fill-in', 'numeric', 'other'].flatMap((type) =>
      lists.map(([, list]) => withList(type, list, [])),
    ),
  );
  refuses('interaction-components', [...each({ id: 'a' }), ...each('a')]);
  refuses('interaction-component', [...each(['a']), ...each([1])]);
  refuses('component-id', [...each([{}]), ...each([{ id: 1 }]), ...each([{ description: { en: 'x' } }])]);
  refuses('component-id-repeated', each([{ id: 'a' }, { id: 'b' }, { id: 'a' }]));
  refuses('component-description', each([{ id: 'a', description: 'x' }]));
  refuses(
    'correct-responses',
    ['x', {}, 1, true, [1], [['x']], [{}]].map((correctResponsesPattern) =>
      withDefinition({ interactionType: 'choice', correctResponsesPattern }),
    ),
  );
  accepts(
    'patterns whatever they say',
    [[], [''], ['maybe'], ['x[:]y', '{lang=zz}a']].map((correctResponsesPattern) =>
      withDefinition({ interactionType: 'true-false', correctResponsesPattern }),
    ),
  );
});

describe('2.4.4.3 SubStatements and statement references', () => {
  refuses('unknown-member', [
    withObject(subStatement({ id: uuid })),
    withObject(subStatement({ stored: '2020-01-01T00:00:00Z' })),
    withObject(subStatement({ version: '1.0.0' })),
    withObject(subStatement({ authority: agent })),
  ]);
  refuses('object-type', [withObject(subStatement({ object: subStatement() }))]);
  refuses('statement-actor', [withObject(without(subStatement(), 'actor'))]);
  refuses('statement-verb', [withObject(without(subStatement(), 'verb'))]);
  refuses('statement-object', [withObject(without(subStatement(), 'object'))]);
  refuses('timestamp', [withObject(subStatement({ timestamp: 'x' }))]);
  accepts('SubStatements', [
    withObject(subStatement()),
    withObject(subStatement({ object: ref })),
    withObject(subStatement({ object: { objectType: 'Agent', ...agent } })),
    withObject(subStatement({ object: { objectType: 'Group', member: [] } })),
    withObject(subStatement({ timestamp: '2999-01-01T00:00:00Z' })),
    withObject(subStatement({ context: { revision: '1', platform: 'p' }, attachments: [attachment] })),
  ]);
});

describe('2.4.5 Result', () => {
  refuses('result', [withResult('x'), withResult([])]);
  refuses(
    'success',
    ['true', 0, 1, ''].map((success) => withResult({ success })),
  );
  refuses(
    'completion',
    ['true', 0, 1, ''].map((completion) => withResult({ completion })),
  );
  refuses(
    'response',
    [1, true, [], {}].map((response) => withResult({ response })),
  );
  refuses('result-extensions', [withResult({ extensions: 'x' }), withResult({ extensions: [] })]);
  refuses('score', [withScore(1), withScore([]), withScore('1')]);
  refuses(
    'score-scaled',
    [1.0001, -1.0001, '1', true, []].map((scaled) => withScore({ scaled })),
  );
  refuses('score-raw', [withScore({ raw: '1' })]);
  refuses('score-min', [withScore({ min: '1' })]);
  refuses('score-max', [withScore({ max: '1' })]);
  refuses('score-range', [withScore({ min: 1, max: 1 }), withScore({ min: 2, max: 1 })]);
  refuses('score-raw-range', [withScore({ raw: 0, min: 1 }), withScore({ raw: 2, max: 1 })]);
  accepts('scores at their bounds', [
    ...[1, -1, 0, -0].map((scaled) => withScore({ scaled })),
    withScore({}),
    withScore({ raw: 1, min: 1, max: 2 }),
    withScore({ raw: 2, min: 1, max: 2 }),
    withScore({ raw: -1e300 }),
  ]);
});

describe('4.6 Durations', () => {
  accepts(
    'durations',
    [
      'P1Y',
      'P1M',
      'P1D',
      'PT1H',
      'PT1M',
      'PT1S',
      'P4W',
      'P1Y2M3DT4H5M6S',
      'PT0S',
      'PT1.5S',
      'PT1,5S',
      'P1.5Y',
      'P36525D',
    ].map((duration) => withResult({ duration })),
  );
  refuses(
    'duration',
    [
      ...[
        '',
        'P',
        'PT',
        'P1',
        '1Y',
        'P1S',
        'PT1D',
        'P1DT',
        'P4W1D',
        'P1Y4W',
        'P-1D',
        '-P1D',
        '+P1D',
        'PT1.5H1M',
        'p1y',
      ],
      ...['P 1D', 'P0003-06-04T12:30:05', 'P00021015T', 'PT1S1M', 'PT.5S', 'PT5.S', 'P1Y1Y', 'T1H', ' P1D', 'P1D ', 1],
    ].map((duration) => withResult({ duration })),
  );
});

describe('2.4.6 Context', () => {
  refuses('context', [withContext('x'), withContext([])]);
  refuses('instructor', [withContext({ instructor: 'x' }), withContext({ instructor: 1 })]);
  refuses('actor-object-type', [withContext({ instructor: { ...activity, objectType: 'Activity' } })]);
  refuses('team', [
    withContext({ team: agent }),
    withContext({ team: { objectType: 'Agent', ...agent } }),
    withContext({ team: { objectType: 'group', member: [] } }),
    withContext({ team: [] }),
  ]);
  refuses('anonymous-group-member', [withContext({ team: { objectType: 'Group' } })]);
  refuses('context-activities', [withContextActivities('x'), withContextActivities([])]);
  refuses('context-activity', [withContextActivities({ parent: 'x' }), withContextActivities({ other: 1 })]);
  refuses('revision', [withContext({ revision: 1 })]);
  refuses('platform', [withContext({ platform: 1 })]);
  const others = [{ objectType: 'Agent', ...agent }, { objectType: 'Group', member: [] }, ref];
  const about = (context: Members) => [...others, subStatement()].map((object) => statement({ object, context }));
  const subAbout = (context: Members) => others.map((object) => withObject(subStatement({ object, context })));
  refuses('revision-object', [...about({ revision: '1' }), ...subAbout({ revision: '1' })]);
  refuses('platform-object', [...about({ platform: 'x' }), ...subAbout({ platform: 'x' })]);
  refuses('context-extensions', [withContext({ extensions: 'x' }), withContext({ extensions: [] })]);
  accepts('contexts', [
    withContext({}),
    withContext({ revision: '', platform: '' }),
    withContext({ team: { objectType: 'Group', ...agent }, instructor: { objectType: 'Group', member: [agent] } }),
    withContext({ instructor: agent, statement: ref }),
    withContextActivities({}),
    withContextActivities({ parent: [], grouping: activity, category: [{ objectType: 'Activity', ...activity }] }),
  ]);
});

describe('4.2 Language maps', () => {
  accepts(
    'well-formed tags',
    [
      ...['en', 'en-US', 'EN-us', 'zh-Hans-CN', 'x-a', 'i-klingon', 'es-419', 'de-1996', 'zh-min-nan', 'sgn-BE-FR'],
      ...['art-lojban', 'abbbbbbb', 'mul', 'cel-gaulish', 'zh-cmn-Hans-CN', 'en-a-bbb', 'qaa-Qaaa-QM-x-southern'],
    ].map((tag) => statement({ verb: { ...verb, display: { [tag]: '' } }, context: { language: tag } })),
  );
  const wrong = [
    ...['', 'e', 'en_US', 'en-', '-en', 'en--US', 'abcdefghi', 'a-DE', 'en-a', 'de-419-DE', 'ar-a-aaa-b-bbb-a-ccc'],
    ...['x', 'x-', 'i', 'en-x', '1en', 'english us'],
  ];
  refuses('language', [...wrong.map((language) => withContext({ language })), withContext({ language: 1 })]);
  refuses(
    'language-tag',
    wrong.map((tag) => statement({ verb: { ...verb, display: { [tag]: 'x' } } })),
  );
  refuses(
    'language-map-text',
    [1, true, {}, []].map((text) => withDefinition({ name: { en: text } })),
  );
});

describe('4.1 Extensions', () => {
  refuses('extension-key', [
    withContext({ extensions: { word: 1 } }),
    withResult({ extensions: { '': 1 } }),
    withDefinition({ extensions: { 'a b:c': 1 } }),
  ]);
  accepts(
    'any value',
    [{}, [], '', 0, false, null, [null], { a: { b: null } }, parsed('{"__proto__":null}')].map((value) =>
      statement({
        object: { ...activity, definition: { extensions: { 'a:b': value } } },
        result: { extensions: { 'a:b': value } },
        context: { extensions: { 'a:b': value } },
      }),
    ),
  );
});

describe('2.4.7 Timestamp, 2.4.8 Stored and 4.5 Timestamps', () => {
  accepts(
    'notations of ISO 8601',
    [
      ...['Z', '', '.123456789Z', ',5Z', '+05:30', '+0530', '+05', '-08', '+00:00', '+00'].map(
        (rest) => `2025-08-14T09:30:00${rest}`,
      ),
      ...[
        '2025-08-14T09:30Z',
        '20250814T093000Z',
        '2024-02-29T00:00:00Z',
        '2025-08-14T24:00:00Z',
        '2016-12-31T23:59:60Z',
      ],
      '2999-01-01T00:00:00Z',
    ].map((timestamp) => statement({ timestamp, stored: timestamp })),
  );
  const wrong = [
    ...[
      '',
      '2025',
      '2025-08-14',
      '2025-08-14T',
      '09:30:00Z',
      '2025-08-14 09:30:00Z',
      '2025-13-14T09:30:00Z',
      '1755163800',
    ],
    ...[
      '2025-02-29T00:00:00Z',
      '2025-08-14T25:00:00Z',
      '2025-08-14T09:60:00Z',
      '2025-08-14T24:00:01Z',
      'Thu Aug 14 2025',
    ],
    ...['-00:00', '-0000', '-00', '+24:00', '+05:60', 'ZZ', 'UTC', ' Z', '.Z'].map(
      (rest) => `2025-08-14T09:30:00${rest}`,
    ),
    1_755_163_800,
  ];
  refuses(
    'timestamp',
    wrong.map((timestamp) => statement({ timestamp })),
  );
  refuses(
    'stored',
    wrong.map((stored) => statement({ stored })),
  );
});

describe('2.4.9 Authority', () => {
  refuses('authority', [statement({ authority: 'x' }), statement({ authority: 1 })]);
  refuses('authority-group', [
    ...[0, 1, 3].map((count) => statement({ authority: { objectType: 'Group', member: Array(count).fill(agent) } })),
    statement({ authority: { objectType: 'Group', ...agent, member: [agent, agent] } }),
    statement({ authority: { objectType: 'Group', ...agent } }),
  ]);
  refuses('agent-identifier', [statement({ authority: {} }), statement({ authority: { member: [agent, agent] } })]);
  refuses('actor-object-type', [statement({ authority: { ...activity, objectType: 'Activity' } })]);
  accepts('an Agent, and user with application', [
    statement({ authority: agent }),
    statement({ authority: { objectType: 'Group', member: [agent, { openid: 'http://o.example' }] } }),
  ]);
});

describe('2.4.10 Version', () => {
  accepts(
    '1.0 and 1.0.x',
    ['1.0', '1.0.0', '1.0.3', '1.0.10', '1.0.999'].map((version) => statement({ version })),
  );
  refuses(
    'version',
    [
      '1',
      '1.1',
      '1.1.0',
      '0.9.5',
      '2.0.0',
      '1.0.',
      '1.0.x',
      'v1.0.0',
      '',
      ' 1.0.0',
      '11.0.0',
      '1.00.0',
      1,
      '1.0.0.0',
    ].map((version) => statement({ version })),
  );
});

describe('2.4.11 Attachments', () => {
  refuses('attachments', [statement({ attachments: attachment }), statement({ attachments: 'x' })]);
  refuses('attachment', [statement({ attachments: ['x'] }), statement({ attachments: [[]] })]);
  for (const [name, rule] of [
    ['usageType', 'attachment-usage-type'],
    ['display', 'attachment-display'],
    ['contentType', 'attachment-content-type'],
    ['length', 'attachment-length'],
    ['sha2', 'attachment-sha2'],
  ] as const) {
    refuses(rule, [statement({ attachments: [without(attachment, name)] })]);
  }
  refuses('attachment-description', [withAttachment({ description: 'x' })]);
  refuses('attachment-content-type', [withAttachment({ contentType: '' }), withAttachment({ contentType: 'text' })]);
  refuses(
    'attachment-length',
    [-1, 0.5, '3', true].map((length) => withAttachment({ length })),
  );
  refuses('attachment-sha2', [withAttachment({ sha2: 1 })]);
  accepts('attachments', [
    statement({ attachments: [] }),
    ...[0, 3, 2 ** 53, 1e20].map((length) => withAttachment({ length })),
    withAttachment({ contentType: 'multipart/mixed; boundary="x"', sha2: '', display: {} }),
    withAttachment({ description: { en: 'x' }, fileUrl: 'https://f.example' }),
  ]);
});

describe('the rules', () => {
  it('have all been broken above', () => {
    expect(Object.keys(rules).filter((rule) => !covered.has(rule))).toEqual([]);
  });
});
