import { z } from 'zod';
import { isDuration, isIri, isMailto, isMediaType, isSha1, isUri, isUuid, isVersion } from './formats.ts';
import { isJsonObject } from './json.ts';
import { isLanguageTag } from './language-tag.ts';
import { across, array, boolean, extensions, format, languageMap, number, object, text } from './schema.ts';
import { isTimestamp } from './timestamp.ts';

/**
 * The statement of xAPI 1.0.3 (Part 2, 2.2 to 2.4 and 4) as a zod schema.
 * @see https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Data.md
 */

/** Verb that voids another statement (Part 2, 2.3.2). */
export const voidedVerb = 'http://adlnet.gov/expapi/verbs/voided';

// Actors (2.4.2)

export const identifierNames = ['mbox', 'mbox_sha1sum', 'openid', 'account'] as const;

const account = object('account', {
  homePage: format('account-home-page', isIri),
  name: text('account-name'),
});

const identifiers = {
  mbox: format('mbox', isMailto).optional(),
  mbox_sha1sum: format('mbox-sha1sum', isSha1).optional(),
  openid: format('openid', isUri).optional(),
  account: account.optional(),
};

const agent = object('agent', {
  objectType: z.literal('Agent', 'agent-object-type').optional(),
  name: text('actor-name').optional(),
  ...identifiers,
}).check(
  across((members, report) => {
    if (identifiersOf(members) !== 1) report('agent-identifier', [], members);
  }),
);

const namedAgent = agent.safeExtend({ objectType: z.literal('Agent', 'agent-object-type') });

const groupMembers = (rule: 'actor-object-type' | 'team') => ({
  objectType: z.literal('Group', rule),
  name: text('actor-name').optional(),
  member: array('group-member', agent).optional(),
  ...identifiers,
});

const groupIdentity = across((members, report) => {
  const count = identifiersOf(members);
  if (count > 1) report('group-identifier', [], members);
  if (count === 0 && members.member === undefined) report('anonymous-group-member', ['member'], undefined);
});

const group = object('agent', groupMembers('actor-object-type')).check(groupIdentity);

const team = object('team', groupMembers('team')).check(groupIdentity);

const oauthGroup = object('authority', groupMembers('actor-object-type')).check(
  across((members, report) => {
    const { member } = members;
    if (identifiersOf(members) > 0 || !Array.isArray(member) || member.length !== 2)
      report('authority-group', [], members);
  }),
);

function identifiersOf(members: Readonly<Record<string, unknown>>): number {
  let count = 0;
  for (const name of identifierNames) if (members[name] !== undefined) count += 1;
  return count;
}

const actor = (rule: 'statement-actor' | 'instructor') =>
  z.discriminatedUnion('objectType', [agent, group], {
    error: ({ code }) => (code === 'invalid_union' ? 'actor-object-type' : rule),
  });

// Objects (2.4.4)

const component = object('interaction-component', {
  id: text('component-id'),
  description: languageMap('component-description').optional(),
});

const components = array('interaction-components', component).optional();

/** Component lists that a definition may have, by interaction type (2.4.4.1). */
const componentLists: Readonly<Record<string, readonly string[]>> = {
  'true-false': [],
  choice: ['choices'],
  'fill-in': [],
  'long-fill-in': [],
  matching: ['source', 'target'],
  performance: ['steps'],
  sequencing: ['choices'],
  likert: ['scale'],
  numeric: [],
  other: [],
};
const listNames = ['choices', 'scale', 'source', 'target', 'steps'] as const;

const definition = object('activity-definition', {
  name: languageMap('activity-name').optional(),
  description: languageMap('activity-description').optional(),
  type: format('activity-type', isIri).optional(),
  moreInfo: format('activity-more-info', isIri).optional(),
  extensions: extensions('activity-extensions').optional(),
  interactionType: z
    .enum(
      [
        'true-false',
        'choice',
        'fill-in',
        'long-fill-in',
        'matching',
        'performance',
        'sequencing',
        'likert',
        'numeric',
        'other',
      ],
      'interaction-type',
    )
    .optional(),
  correctResponsesPattern: array('correct-responses', text('correct-responses')).optional(),
  choices: components,
  scale: components,
  source: components,
  target: components,
  steps: components,
}).check(
  across((members, report) => {
    const { interactionType: type } = members;
    if (type === undefined && members.correctResponsesPattern !== undefined) {
      report('interaction-needs-type', ['correctResponsesPattern'], members.correctResponsesPattern);
    }
    for (const name of listNames) {
      const list = members[name];
      if (list === undefined) continue;
      if (type === undefined) report('interaction-needs-type', [name], list);
      const allowed =
        typeof type === 'string' && Object.hasOwn(componentLists, type) ? componentLists[type] : undefined;
      if (allowed !== undefined && !allowed.includes(name)) report('interaction-list', [name], list);
      if (Array.isArray(list) && hasRepeatedId(list)) report('component-id-repeated', [name], list);
    }
  }),
);

function hasRepeatedId(list: readonly unknown[]): boolean {
  const ids = list.map((item) => (isJsonObject(item) ? item.id : undefined)).filter((id) => id !== undefined);
  return new Set(ids).size !== ids.length;
}

const activity = object('activity', {
  objectType: z.literal('Activity', 'activity-object-type').optional(),
  id: format('activity-id', isIri),
  definition: definition.optional(),
});

const statementRef = object('statement-ref', {
  objectType: z.literal('StatementRef', 'statement-ref'),
  id: format('statement-ref-id', isUuid),
});

// Result (2.4.5)

const score = object('score', {
  scaled: number('score-scaled').min(-1, 'score-scaled').max(1, 'score-scaled').optional(),
  raw: number('score-raw').optional(),
  min: number('score-min').optional(),
  max: number('score-max').optional(),
}).check(
  across(({ raw, min, max }, report) => {
    if (typeof min === 'number' && typeof max === 'number' && min >= max) report('score-range', ['max'], max);
    if (typeof raw !== 'number') return;
    if ((typeof min === 'number' && raw < min) || (typeof max === 'number' && raw > max)) {
      report('score-raw-range', ['raw'], raw);
    }
  }),
);

const result = object('result', {
  score: score.optional(),
  success: boolean('success').optional(),
  completion: boolean('completion').optional(),
  response: text('response').optional(),
  duration: format('duration', isDuration).optional(),
  extensions: extensions('result-extensions').optional(),
});

// Context (2.4.6)

const contextActivity = z.union([array('context-activity', activity), activity]).optional();

const contextActivities = object('context-activities', {
  parent: contextActivity,
  grouping: contextActivity,
  category: contextActivity,
  other: contextActivity,
});

const context = object('context', {
  registration: format('registration', isUuid).optional(),
  instructor: actor('instructor').optional(),
  team: team.optional(),
  contextActivities: contextActivities.optional(),
  revision: text('revision').optional(),
  platform: text('platform').optional(),
  language: format('language', isLanguageTag).optional(),
  statement: statementRef.optional(),
  extensions: extensions('context-extensions').optional(),
});

// Attachments (2.4.11)

const attachment = object('attachment', {
  usageType: format('attachment-usage-type', isIri),
  display: languageMap('attachment-display'),
  description: languageMap('attachment-description').optional(),
  contentType: format('attachment-content-type', isMediaType),
  // Not zod's int(), which takes no integers beyond 2^53.
  length: number('attachment-length').refine(Number.isInteger, 'attachment-length').min(0, 'attachment-length'),
  sha2: text('attachment-sha2'),
  fileUrl: format('attachment-file-url', isIri).optional(),
});

// The statement (2.4)

const verb = object('statement-verb', {
  id: format('verb-id', isIri),
  display: languageMap('verb-display').optional(),
});

const common = {
  actor: actor('statement-actor'),
  verb,
  result: result.optional(),
  context: context.optional(),
  timestamp: format('timestamp', isTimestamp).optional(),
  attachments: array('attachments', attachment).optional(),
};

/** What depends on the kind of object, in statements and SubStatements alike. */
const objectRules = across(({ verb, object, context }, report) => {
  const type = isJsonObject(object) ? (object.objectType ?? 'Activity') : undefined;
  if (isJsonObject(verb) && verb.id === voidedVerb && type !== 'StatementRef')
    report('voiding-object', ['object'], object);
  if (!isJsonObject(context) || type === 'Activity') return;
  if (context.revision !== undefined) report('revision-object', ['context', 'revision'], context.revision);
  if (context.platform !== undefined) report('platform-object', ['context', 'platform'], context.platform);
});

const objectError = {
  error: ({ code }: { readonly code?: string }) => (code === 'invalid_union' ? 'object-type' : 'statement-object'),
};

const subStatement = object('statement-object', {
  objectType: z.literal('SubStatement', 'object-type'),
  ...common,
  object: z.discriminatedUnion('objectType', [activity, namedAgent, group, statementRef], objectError),
}).check(objectRules);

const authority = z.discriminatedUnion('objectType', [agent, oauthGroup], {
  error: ({ code }) => (code === 'invalid_union' ? 'actor-object-type' : 'authority'),
});

/** A statement as producers may send it. Messages of its issues are rule ids; `issues.ts` makes errors of them. */
export const statementSchema = object('statement', {
  id: format('statement-id', isUuid).optional(),
  ...common,
  object: z.discriminatedUnion('objectType', [activity, namedAgent, group, statementRef, subStatement], objectError),
  stored: format('stored', isTimestamp).optional(),
  authority: authority.optional(),
  version: format('version', isVersion).optional(),
}).check(objectRules);

export type StatementOutput = z.infer<typeof statementSchema>;
