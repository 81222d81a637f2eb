import { describe, expect, it } from 'vitest';
import { validateBatch, validateStatement } from '../../../../functions/core/xapi/index.ts';
import { rules } from '../../../../functions/core/xapi/rules.ts';
import { brokenRules, errorsOf, parsed, statementWith } from './support/statements.ts';

const ref = { objectType: 'StatementRef', id: '5a1c0000-0000-4000-8000-000000000001' };
const subStatement = {
  objectType: 'SubStatement',
  actor: { mbox: 'mailto:a@b.example' },
  verb: { id: 'http://v.example/v' },
  object: { id: 'http://o.example/o' },
};
const attachment = {
  usageType: 'http://u.example',
  display: { en: 'A' },
  contentType: 'text/plain',
  length: 3,
  sha2: 'abc',
};

type Members = Readonly<Record<string, unknown>>;

/** What breaks which rule, at which path. */
const broken: readonly (readonly [what: string, members: Members, ...errors: string[]])[] = [
  ['a missing actor', { actor: undefined }, '$.actor statement-actor'],
  ['a missing verb', { verb: undefined }, '$.verb statement-verb'],
  ['a missing object', { object: undefined }, '$.object statement-object'],
  ['a member in another letter case', { conText: {} }, '$.conText unknown-member'],
  ['null outside extensions', { result: { success: null } }, '$.result.success null'],
  ['a null verb', { verb: null }, '$.verb null'],
  ['an id that is no uuid', { id: 'x' }, '$.id statement-id'],
  ['an agent without identifier', { actor: { name: 'x' } }, '$.actor agent-identifier'],
  [
    'an agent with two identifiers',
    { actor: { mbox: 'mailto:a@b.example', openid: 'http://o.example' } },
    '$.actor agent-identifier',
  ],
  [
    'another objectType of an actor',
    { actor: { objectType: 'agent', mbox: 'mailto:a@b.example' } },
    '$.actor.objectType actor-object-type',
  ],
  [
    'an actor that is an Activity',
    { actor: { objectType: 'Activity', id: 'http://a.example' } },
    '$.actor.objectType actor-object-type',
  ],
  ['a mailbox without mailto', { actor: { mbox: 'a@b.example' } }, '$.actor.mbox mbox'],
  ['a short hash', { actor: { mbox_sha1sum: 'abc' } }, '$.actor.mbox_sha1sum mbox-sha1sum'],
  ['an openid without scheme', { actor: { openid: 'o.example' } }, '$.actor.openid openid'],
  ['an account without homePage', { actor: { account: { name: 'x' } } }, '$.actor.account.homePage account-home-page'],
  [
    'an account with a number as name',
    { actor: { account: { homePage: 'http://h.example', name: 1 } } },
    '$.actor.account.name account-name',
  ],
  ['an account that is text', { actor: { account: 'x' } }, '$.actor.account account'],
  ['a name that is a number', { actor: { mbox: 'mailto:a@b.example', name: 1 } }, '$.actor.name actor-name'],
  ['an anonymous group without members', { actor: { objectType: 'Group' } }, '$.actor.member anonymous-group-member'],
  [
    'a group with two identifiers',
    { actor: { objectType: 'Group', mbox: 'mailto:a@b.example', openid: 'http://o.example' } },
    '$.actor group-identifier',
  ],
  ['members that are no array', { actor: { objectType: 'Group', member: {} } }, '$.actor.member group-member'],
  [
    'a group in a group',
    { actor: { objectType: 'Group', member: [{ objectType: 'Group', member: [] }] } },
    '$.actor.member[0].objectType agent-object-type',
    '$.actor.member[0].member unknown-member',
    '$.actor.member[0] agent-identifier',
  ],
  ['a verb without id', { verb: {} }, '$.verb.id verb-id'],
  ['a display that is text', { verb: { id: 'http://v.example', display: 'x' } }, '$.verb.display verb-display'],
  [
    'a language tag that is none',
    { verb: { id: 'http://v.example', display: { 'en_US!': 'x' } } },
    "$.verb.display['en_US!'] language-tag",
  ],
  [
    'a language map of numbers',
    { verb: { id: 'http://v.example', display: { en: 1 } } },
    '$.verb.display.en language-map-text',
  ],
  ['voiding of an Activity', { verb: { id: 'http://adlnet.gov/expapi/verbs/voided' } }, '$.object voiding-object'],
  [
    'an unknown kind of object',
    { object: { objectType: 'activity', id: 'http://o.example' } },
    '$.object.objectType object-type',
  ],
  [
    'an agent as object without objectType',
    { object: { mbox: 'mailto:a@b.example' } },
    '$.object.id activity-id',
    '$.object.mbox unknown-member',
  ],
  [
    'a definition that is text',
    { object: { id: 'http://o.example', definition: 'x' } },
    '$.object.definition activity-definition',
  ],
  [
    'a type without scheme',
    { object: { id: 'http://o.example', definition: { type: 'quiz' } } },
    '$.object.definition.type activity-type',
  ],
  [
    'moreInfo with a space',
    { object: { id: 'http://o.example', definition: { moreInfo: 'http://a b' } } },
    '$.object.definition.moreInfo activity-more-info',
  ],
  [
    'an interaction type in another case',
    { object: { id: 'http://o.example', definition: { interactionType: 'Likert' } } },
    '$.object.definition.interactionType interaction-type',
  ],
  [
    'components without type',
    { object: { id: 'http://o.example', definition: { choices: [] } } },
    '$.object.definition.choices interaction-needs-type',
  ],
  [
    'a pattern without type',
    { object: { id: 'http://o.example', definition: { correctResponsesPattern: [] } } },
    '$.object.definition.correctResponsesPattern interaction-needs-type',
  ],
  [
    "another type's list",
    { object: { id: 'http://o.example', definition: { interactionType: 'likert', choices: [] } } },
    '$.object.definition.choices interaction-list',
  ],
  [
    'component ids twice',
    {
      object: {
        id: 'http://o.example',
        definition: { interactionType: 'choice', choices: [{ id: 'a' }, { id: 'a' }] },
      },
    },
    '$.object.definition.choices component-id-repeated',
  ],
  [
    'a pattern that is text',
    { object: { id: 'http://o.example', definition: { interactionType: 'choice', correctResponsesPattern: 'a' } } },
    '$.object.definition.correctResponsesPattern correct-responses',
  ],
  ['a reference without id', { object: { objectType: 'StatementRef' } }, '$.object.id statement-ref-id'],
  ['a SubStatement with an id', { object: { ...subStatement, id: ref.id } }, '$.object.id unknown-member'],
  [
    'a SubStatement in a SubStatement',
    { object: { ...subStatement, object: subStatement } },
    '$.object.object.objectType object-type',
  ],
  [
    'voiding in a SubStatement',
    { object: { ...subStatement, verb: { id: 'http://adlnet.gov/expapi/verbs/voided' } } },
    '$.object.object voiding-object',
  ],
  [
    'a platform in a SubStatement about an Agent',
    {
      object: {
        ...subStatement,
        object: { objectType: 'Agent', mbox: 'mailto:a@b.example' },
        context: { platform: 'x' },
      },
    },
    '$.object.context.platform platform-object',
  ],
  ['a scaled score over 1', { result: { score: { scaled: 1.00001 } } }, '$.result.score.scaled score-scaled'],
  ['min equal to max', { result: { score: { min: 1, max: 1 } } }, '$.result.score.max score-range'],
  ['raw under min', { result: { score: { raw: 0, min: 1 } } }, '$.result.score.raw score-raw-range'],
  ['a score of text', { result: { score: { raw: '1' } } }, '$.result.score.raw score-raw'],
  ['success as text', { result: { success: 'true' } }, '$.result.success success'],
  ['a duration of weeks and days', { result: { duration: 'P4W1D' } }, '$.result.duration duration'],
  ['a registration that is no uuid', { context: { registration: 'x' } }, '$.context.registration registration'],
  [
    'a team that is an Agent',
    { context: { team: { objectType: 'Agent', mbox: 'mailto:a@b.example' } } },
    '$.context.team.objectType team',
  ],
  ['an instructor that is text', { context: { instructor: 'x' } }, '$.context.instructor instructor'],
  [
    'another context activity',
    { context: { contextActivities: { sibling: [] } } },
    '$.context.contextActivities.sibling unknown-member',
  ],
  [
    'a context activity that is text',
    { context: { contextActivities: { parent: 'x' } } },
    '$.context.contextActivities.parent context-activity',
  ],
  [
    'a context activity without id',
    { context: { contextActivities: { parent: {} } } },
    '$.context.contextActivities.parent.id activity-id',
  ],
  [
    'one of the context activities without id',
    { context: { contextActivities: { parent: [{ id: 'http://a.example' }, {}] } } },
    '$.context.contextActivities.parent[1].id activity-id',
  ],
  [
    'a revision of an Agent',
    { object: { objectType: 'Agent', mbox: 'mailto:a@b.example' }, context: { revision: '1' } },
    '$.context.revision revision-object',
  ],
  ['a language that is none', { context: { language: 'something' } }, '$.context.language language'],
  ['an extension key that is no IRI', { context: { extensions: { x: 1 } } }, '$.context.extensions.x extension-key'],
  ['extensions that are a list', { result: { extensions: [] } }, '$.result.extensions result-extensions'],
  ['a timestamp with a negative zero offset', { timestamp: '2025-08-14T09:30:00-00:00' }, '$.timestamp timestamp'],
  ['a stored that is no timestamp', { stored: 'x' }, '$.stored stored'],
  ['a version of another standard', { version: '1.1.0' }, '$.version version'],
  ...[{ objectType: 'Group', member: [] }, ref, subStatement].map((object): readonly [string, Members, ...string[]] => [
    `revision and platform of a ${object.objectType}`,
    { object, context: { revision: '1', platform: 'x' } },
    '$.context.revision revision-object',
    '$.context.platform platform-object',
  ]),
  [
    'an authority of one member',
    { authority: { objectType: 'Group', member: [{ mbox: 'mailto:a@b.example' }] } },
    '$.authority authority-group',
  ],
  [
    'an attachment without hash',
    { attachments: [{ ...attachment, sha2: undefined }] },
    '$.attachments[0].sha2 attachment-sha2',
  ],
  [
    'an attachment of half a byte',
    { attachments: [{ ...attachment, length: 0.5 }] },
    '$.attachments[0].length attachment-length',
  ],
  [
    'an attachment without media type',
    { attachments: [{ ...attachment, contentType: 'text' }] },
    '$.attachments[0].contentType attachment-content-type',
  ],
  [
    'an attachment without display',
    { attachments: [{ ...attachment, display: undefined }] },
    '$.attachments[0].display attachment-display',
  ],
];

describe('validateStatement', () => {
  it.each(broken.map(([what, members, ...errors]) => ({ what, members, errors })))(
    'refuses $what',
    ({ members, errors }) => {
      expect(brokenRules(statementWith(members)).toSorted()).toEqual(errors.toSorted());
    },
  );

  it.each([undefined, null, 1, 'x', [], [statementWith()]])('refuses %j as a statement', (value) => {
    expect(validateStatement(value).ok).toBe(false);
  });

  it.each([
    ['empty objects', { result: {}, context: { extensions: {}, contextActivities: {} } }],
    ['empty language maps', { verb: { id: 'http://v.example', display: {} } }],
    ['empty arrays', { attachments: [], context: { contextActivities: { parent: [] } } }],
    ['empty strings without a format', { result: { response: '' }, context: { platform: '' } }],
    ['a timestamp in the future', { timestamp: '2999-01-01T00:00:00Z' }],
    ['null in extensions', { context: { extensions: { 'http://e.example': { a: [null] } } } }],
    [
      'lone surrogates and U+0000',
      { result: { response: '\uD800\u0000' }, actor: { mbox: 'mailto:a@b.example', name: '\uDC00' } },
    ],
    ['an anonymous group of nobody', { actor: { objectType: 'Group', member: [] } }],
    ['a SubStatement', { object: subStatement }],
    ['voiding of a statement', { verb: { id: 'http://adlnet.gov/expapi/verbs/voided' }, object: ref }],
    [
      'an authority of user and application',
      { authority: { objectType: 'Group', member: [{ mbox: 'mailto:a@b.example' }, { mbox: 'mailto:c@d.example' }] } },
    ],
    ['an attachment', { attachments: [attachment] }],
  ])('accepts %s', (_what, members) => {
    expect(brokenRules(statementWith(members))).toEqual([]);
  });

  it('reports every broken rule, however far apart', () => {
    const errors = brokenRules({ id: 1, actor: { name: 2, mbox: 3, openid: 'x' }, verb: {}, extra: 1 });
    expect(errors).toEqual(
      expect.arrayContaining([
        '$.id statement-id',
        '$.actor.name actor-name',
        '$.actor.mbox mbox',
        '$.actor.openid openid',
        '$.actor agent-identifier',
        '$.verb.id verb-id',
        '$.object statement-object',
        '$.extra unknown-member',
      ]),
    );
  });

  it('names requirement, expectation and the type found, never the value', () => {
    expect(errorsOf(statementWith({ result: { success: 'yes' } }))).toEqual([
      { path: '$.result.success', rule: 'success', requirement: 'XAPI-00074', expected: 'boolean', found: 'string' },
    ]);
    expect(errorsOf(statementWith({ verb: undefined }))[0]?.found).toBe('absent');
  });

  it('answers with the value itself', () => {
    const value = statementWith();
    const outcome = validateStatement(value);
    expect(outcome.ok && outcome.statement).toBe(value);
  });

  it('caps the list of errors', () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`m${index}`, 1]));
    const errors = errorsOf(statementWith(many));
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toMatchObject({ rule: 'truncated', found: '50 more errors' });
  });

  it('masks keys that look like addresses and cuts long ones', () => {
    const extensions = { 'dana%40example.org': 1, [`k${'x'.repeat(500)}`]: 1, "it's": 1 };
    const paths = errorsOf(statementWith({ context: { extensions } })).map(({ path }) => path);
    expect(paths[0]).toBe("$.context.extensions['<masked>']");
    expect(paths[1]?.length).toBeLessThan(120);
    expect(paths[2]).toBe("$.context.extensions['it\\'s']");
  });

  it('every rule has a requirement and an expectation', () => {
    for (const { requirement, expected } of Object.values(rules)) expect([requirement, expected]).not.toContain('');
  });
});

describe('validateStatement on hostile input', () => {
  it('refuses __proto__ as a member of a structure', () => {
    expect(brokenRules(parsed(`{"__proto__":{"id":"x"},${JSON.stringify(statementWith()).slice(1)}`))).toEqual([
      '$.__proto__ unknown-member',
    ]);
    expect(
      brokenRules(
        parsed('{"actor":{"__proto__":{"mbox":"mailto:a@b.example"}},"verb":{"id":"a:b"},"object":{"id":"a:b"}}'),
      ),
    ).toEqual(expect.arrayContaining(['$.actor.__proto__ unknown-member', '$.actor agent-identifier']));
  });

  it('refuses __proto__ as an extension key or language tag and accepts it deeper', () => {
    const withExtensions = (text: string) => statementWith({ context: { extensions: parsed(text) } });
    expect(brokenRules(withExtensions('{"__proto__":1}'))).toEqual(['$.context.extensions.__proto__ extension-key']);
    expect(brokenRules(withExtensions('{"http://e.example":{"__proto__":1}}'))).toEqual([]);
    expect(brokenRules(statementWith({ verb: { id: 'a:b', display: parsed('{"__proto__":"x"}') } }))).toEqual([
      '$.verb.display.__proto__ language-tag',
    ]);
  });

  it('refuses numbers that are not finite, anywhere', () => {
    const extensions = parsed('{"http://e.example":[{"a":1e400}]}');
    expect(
      brokenRules(statementWith({ context: { extensions }, result: { score: { raw: parsed('-1e400') } } })).toSorted(),
    ).toEqual(["$.context.extensions['http://e.example'][0].a finite-number", '$.result.score.raw finite-number']);
  });

  it.each([10_000, 200])('refuses %i levels of nesting by a rule of its own', (depth) => {
    const deep = parsed('{"http://e.example":'.concat('['.repeat(depth), ']'.repeat(depth), '}'));
    expect(brokenRules(statementWith({ context: { extensions: deep } }))).toEqual([
      "$.context.extensions['http://e.example'] nesting",
    ]);
    expect(brokenRules(statementWith({ object: deep }))).toHaveLength(1);
  });

  it('accepts 100 levels of nesting in an extension', () => {
    const deep = parsed('{"http://e.example":'.concat('['.repeat(100), ']'.repeat(100), '}'));
    expect(brokenRules(statementWith({ context: { extensions: deep } }))).toEqual([]);
  });

  it('accepts 3,000 extensions, quickly', () => {
    const extensions = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`http://e.example/${index}`, index]),
    );
    const started = performance.now();
    expect(brokenRules(statementWith({ context: { extensions } }))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(250);
  });

  it.each([
    ['attachments of 0', { attachments: Array.from({ length: 500_000 }, () => 0) }, 'attachment'],
    [
      'members with unknown members',
      { actor: { objectType: 'Group', member: Array.from({ length: 200_000 }, () => ({ a: 1 })) } },
      'unknown-member',
    ],
    [
      'unknown members',
      Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`m${index}`, 0])),
      'unknown-member',
    ],
    [
      'numbers that are not finite',
      { result: { extensions: { 'a:b': Array.from({ length: 500_000 }, () => Number.POSITIVE_INFINITY) } } },
      'finite-number',
    ],
  ])('lists only the first errors of very many %s', (_what, members, rule) => {
    const started = performance.now();
    const errors = errorsOf(statementWith(members));
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(errors.length).toBeLessThanOrEqual(101);
    expect(errors[0]?.rule).toBe(rule);
    expect(errors.at(-1)).toMatchObject({ path: '$', rule: 'truncated' });
  });

  it('stops at the 100th error of a batch', () => {
    const started = performance.now();
    const outcome = validateBatch(Array.from({ length: 1_000_000 }, () => 0));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(outcome.ok ? [] : outcome.errors).toHaveLength(101);
  });

  it('escapes control characters in paths: an error is one line', () => {
    const paths = errorsOf(statementWith({ 'a\nb\u001b[31m': 1 })).map(({ path }) => path);
    expect(paths).toEqual(["$['a\\u000ab\\u001b[31m']"]);
  });

  it.each(['mbox', 'openid'])('is not slowed down by a long %s', (name) => {
    const started = performance.now();
    errorsOf(
      statementWith({
        actor: { [name]: `mailto:${'a.'.repeat(50_000)}` },
        result: { duration: `P${'1'.repeat(50_000)}` },
      }),
    );
    errorsOf(
      statementWith({
        context: { language: `en${'-abcdefgh'.repeat(20_000)}!` },
        timestamp: `2025-01-01T00:00:00.${'0'.repeat(50_000)}x`,
      }),
    );
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('validateBatch', () => {
  it('accepts statements with ids of their own, and without', () => {
    const outcome = validateBatch([
      statementWith(),
      statementWith({ id: undefined }),
      statementWith({ id: undefined }),
    ]);
    expect(outcome.ok && outcome.statements).toHaveLength(3);
  });

  it('refuses a repeated id, whatever its letter case', () => {
    const outcome = validateBatch([statementWith(), statementWith({ id: '5A1C0000-0000-4000-8000-000000001389' })]);
    expect(outcome.ok ? [] : outcome.errors).toMatchObject([{ path: '$[1].id', rule: 'repeated-id' }]);
  });

  it("begins paths with the statement's place", () => {
    const outcome = validateBatch([statementWith(), statementWith({ id: undefined, verb: {} })]);
    expect(outcome.ok ? [] : outcome.errors).toMatchObject([{ path: '$[1].verb.id', rule: 'verb-id' }]);
  });
});
