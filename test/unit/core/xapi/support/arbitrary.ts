import fc from 'fast-check';
import type { JsonObject } from '../../../../../functions/core/xapi/index.ts';

/** Generators of valid xAPI 1.0.3 statements over the whole model, as plain JSON. */

/** Any text, lone surrogates and U+0000 included. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '\u0000', '\uD800', 'a\uDC00b', '__proto__', 'é', '😀'),
);

export const uuid = fc
  .oneof(fc.uuid(), fc.constant('00000000-0000-0000-0000-000000000000'))
  .chain((text) => fc.constantFrom(text, text.toUpperCase()));

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);

export const iri = fc.oneof(
  fc
    .tuple(fc.constantFrom('http', 'https', 'tag', 'urn', 'x+y.z-1'), word)
    .map(([scheme, path]) => `${scheme}://${path}.example/${path}#é`),
  fc.constantFrom(
    'urn:uuid:5a1c0000-0000-4000-8000-000000000001',
    'mailto:a@b.example',
    'act:',
    'http://пример.example/ä?q=[1]',
  ),
);

export const languageTag = fc.constantFrom(
  'en',
  'en-US',
  'de-DE',
  'cmn',
  'zh-yue-HK',
  'sr-Latn-RS',
  'sl-rozaj-biske-1994',
  'de-CH-1996',
  'x-private',
  'i-klingon',
  'en-GB-oed',
  'es-419',
  'en-a-bbb-x-a-ccc',
  'zh-min-nan',
);

const languageMap = fc.dictionary(languageTag, anyText, { maxKeys: 3 });

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const extensions = fc.dictionary(
  iri,
  fc.oneof(anyJson, fc.constant(JSON.parse('{"__proto__":{"a":null}}') as unknown)),
  {
    maxKeys: 3,
  },
);

const mailbox = fc
  .tuple(word, word, fc.boolean())
  .map(([local, host, capital]) => `mailto:${local}+x@${capital ? host.toUpperCase() : host}.example`);

const identifier = fc.oneof(
  fc.record({ mbox: mailbox }),
  fc.record({ mbox_sha1sum: fc.stringMatching(/^[0-9a-fA-F]{40}$/) }),
  fc.record({ openid: word.map((name) => `https://${name}.openid.example/`) }),
  fc.record({ account: fc.record({ homePage: iri, name: anyText }) }),
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** An object with the members that are not undefined. */
function object(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonObject> {
  return fc
    .record(members)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));
}

export const agent = fc
  .tuple(object({ objectType: optional(fc.constant('Agent')), name: optional(anyText) }), identifier)
  .map(([members, id]): JsonObject => ({ ...members, ...id }));

const agentObject = agent.map((made): JsonObject => ({ ...made, objectType: 'Agent' }));

const members = fc.array(agent, { maxLength: 3 });

export const group: fc.Arbitrary<JsonObject> = fc.oneof(
  object({ objectType: fc.constant('Group'), name: optional(anyText), member: members }),
  fc
    .tuple(object({ objectType: fc.constant('Group'), name: optional(anyText), member: optional(members) }), identifier)
    .map(([made, id]): JsonObject => ({ ...made, ...id })),
);

const actor = fc.oneof(agent, group);

const components = fc
  .uniqueArray(fc.tuple(anyText, optional(languageMap)), { maxLength: 3, selector: ([id]) => id })
  .map((list) => list.map(([id, description]) => (description === undefined ? { id } : { id, description })));

const componentLists = {
  choice: ['choices'],
  sequencing: ['choices'],
  likert: ['scale'],
  matching: ['source', 'target'],
  performance: ['steps'],
  'true-false': [],
  'fill-in': [],
  'long-fill-in': [],
  numeric: [],
  other: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const interaction = fc.constantFrom(...Object.entries(componentLists)).chain(([type, lists]) =>
  object({
    interactionType: fc.constant(type),
    correctResponsesPattern: optional(fc.array(anyText, { maxLength: 2 })),
    ...Object.fromEntries(lists.map((list) => [list, optional(components)])),
  }),
);

const definition = fc
  .tuple(
    object({
      name: optional(languageMap),
      description: optional(languageMap),
      type: optional(iri),
      moreInfo: optional(iri),
      extensions: optional(extensions),
    }),
    fc.oneof(fc.constant({}), interaction),
  )
  .map(([common, more]): JsonObject => ({ ...common, ...more }));

export const activity = object({
  objectType: optional(fc.constant('Activity')),
  id: iri,
  definition: optional(definition),
});

const statementRef = object({ objectType: fc.constant('StatementRef'), id: uuid });

const score = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.uniqueArray(fc.integer(), { minLength: 3, maxLength: 3 }),
    fc.nat(15),
  )
  .map(([scaled, numbers, chosen]): JsonObject => {
    const [min, raw, max] = numbers.toSorted((left, right) => left - right);
    const all = Object.entries({ scaled, min, raw, max });
    return JSON.parse(JSON.stringify(Object.fromEntries(all.filter((_, index) => (chosen & (1 << index)) !== 0))));
  });

const duration = fc.constantFrom(
  'PT0S',
  'PT16559.14S',
  'P3Y1M29DT4H35M59.14S',
  'P4W',
  'P1Y',
  'PT1,5H',
  'PT1H0M0.1S',
  'P0.5W',
);

const result = object({
  score: optional(score),
  success: optional(fc.boolean()),
  completion: optional(fc.boolean()),
  response: optional(anyText),
  duration: optional(duration),
  extensions: optional(extensions),
});

export const timestamp = fc
  .tuple(
    fc.date({ min: new Date('0002-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true }),
    fc.constantFrom('', '.5', '.123456', ',25', '.000'),
    fc.constantFrom('', 'Z', '+00:00', '+0530', '-08', '+14:00', '-11:30'),
  )
  .map(([date, fraction, offset]) => `${date.toISOString().slice(0, 19)}${fraction}${offset}`);

const contextActivity = fc.oneof(activity, fc.array(activity, { maxLength: 2 }));

const contextMembers = {
  registration: optional(uuid),
  instructor: optional(actor),
  team: optional(group),
  contextActivities: optional(
    object({
      parent: optional(contextActivity),
      grouping: optional(contextActivity),
      category: optional(contextActivity),
      other: optional(contextActivity),
    }),
  ),
  language: optional(languageTag),
  statement: optional(statementRef),
  extensions: optional(extensions),
};

const attachment = object({
  usageType: iri,
  display: languageMap,
  description: optional(languageMap),
  contentType: fc.constantFrom('text/plain', 'application/json; charset=utf-8', 'image/svg+xml'),
  length: fc.nat(),
  sha2: anyText,
  fileUrl: optional(iri),
});

const verb = object({ id: iri, display: optional(languageMap) });

function aroundObject(kinds: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return kinds.chain((made) => {
    const isActivity = (made['objectType'] ?? 'Activity') === 'Activity';
    const context = isActivity
      ? object({ ...contextMembers, platform: optional(anyText), revision: optional(anyText) })
      : object(contextMembers);
    return object({
      actor,
      verb,
      object: fc.constant(made),
      result: optional(result),
      context: optional(context),
      timestamp: optional(timestamp),
      attachments: optional(fc.array(attachment, { maxLength: 2 })),
    });
  });
}

const subStatement = aroundObject(fc.oneof(activity, agentObject, group, statementRef)).map(
  (made): JsonObject => ({ ...made, objectType: 'SubStatement' }),
);

const oauthGroup = fc
  .tuple(agent, agent)
  .map(([user, client]): JsonObject => ({ objectType: 'Group', member: [client, user] }));

/** A valid statement; `id`, `timestamp` and other optional members may be missing. */
export const statement: fc.Arbitrary<JsonObject> = fc
  .tuple(
    aroundObject(fc.oneof(activity, agentObject, group, statementRef, subStatement)),
    object({
      id: optional(uuid),
      version: optional(fc.constantFrom('1.0', '1.0.0', '1.0.3', '1.0.10')),
      stored: optional(timestamp),
      authority: optional(fc.oneof(agent, oauthGroup)),
    }),
  )
  .map(([made, more]): JsonObject => ({ ...more, ...made }));

/** A valid statement with id and timestamp: what upcasting makes sure of. */
export const completeStatement: fc.Arbitrary<JsonObject> = fc
  .tuple(statement, uuid, timestamp)
  .map(([made, id, time]): JsonObject => ({ ...made, id: made['id'] ?? id, timestamp: made['timestamp'] ?? time }));

/** Any JSON object, of shapes that a statement may have. */
export const junk: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('id', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'event_type', '__proto__'),
  anyJson,
);

export { finite };
