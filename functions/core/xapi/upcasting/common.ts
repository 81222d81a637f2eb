import { deliveryMembers } from '../delivery.ts';
import { isJsonObject, type JsonObject, member, objectMember, textMember, without } from '../json.ts';
import { ext } from '../prefixes.ts';
import { type UpcastRule, withMember } from './rule.ts';

/** Rules of every topic that must go first: later ones read extensions by their prefixed names. */
export const firstRules: readonly UpcastRule[] = [
  {
    name: 'delivery-metadata',
    description: `${deliveryMembers.join(', ')} are no members of a statement: removed, kept on the ledger row`,
    apply: (statement) =>
      deliveryMembers.some((name) => Object.hasOwn(statement, name)) ? without(statement, deliveryMembers) : statement,
  },
  {
    name: 'actor-two-identifiers',
    description: 'An actor with mbox and account keeps the account; the pair becomes an identity link',
    apply: (statement) => {
      const actor = objectMember(statement, 'actor');
      if (objectMember(actor, 'account') === undefined || textMember(actor, 'mbox') === undefined) return statement;
      return withMember(statement, 'actor', without(actor ?? {}, ['mbox']));
    },
  },
  {
    name: 'null-member',
    description:
      'null in an optional member of result, result.score, object.definition or context is removed, then a score left empty',
    apply: withoutNulls,
  },
  {
    name: 'bare-extension-key',
    description: 'An extension key that is a bare word gets the prefix of the platform; a key that has it already wins',
    apply: (statement) =>
      changed(
        changed(changed(statement, ['context', 'extensions'], prefixedKeys), ['result', 'extensions'], prefixedKeys),
        ['object', 'definition', 'extensions'],
        prefixedKeys,
      ),
  },
];

/** Rules of every topic that must go last: group rules read `context.parent`. */
export const lastRules: readonly UpcastRule[] = [
  {
    name: 'context-parent',
    description: 'context.parent is no member of the standard: its Activities join contextActivities.parent',
    apply: parentToContextActivities,
  },
];

/** The object with what lies at a path changed; the same object where the change makes no difference. */
function changed(value: JsonObject, path: readonly string[], change: (inner: JsonObject) => JsonObject): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  const inner = objectMember(value, name);
  if (inner === undefined) return value;
  const after = changed(inner, rest, change);
  return after === inner ? value : withMember(value, name, after);
}

const optionalMembers = {
  score: ['scaled', 'raw', 'min', 'max'],
  result: ['score', 'success', 'completion', 'response', 'duration', 'extensions'],
  definition: [
    'name',
    'description',
    'type',
    'moreInfo',
    'extensions',
    'interactionType',
    'correctResponsesPattern',
    'choices',
    'scale',
    'source',
    'target',
    'steps',
  ],
  context: [
    'registration',
    'instructor',
    'team',
    'contextActivities',
    'revision',
    'platform',
    'language',
    'statement',
    'extensions',
    'parent',
  ],
} as const;

function withoutNulls(statement: JsonObject): JsonObject {
  const dropNulls = (names: readonly string[]) => (object: JsonObject) => {
    const nulls = names.filter((name) => member(object, name) === null);
    return nulls.length === 0 ? object : without(object, nulls);
  };
  const dropScore = (result: JsonObject) => {
    const score = objectMember(result, 'score');
    if (score === undefined) return result;
    const after = dropNulls(optionalMembers.score)(score);
    if (after === score) return result;
    return Object.keys(after).length === 0 ? without(result, ['score']) : withMember(result, 'score', after);
  };
  let after = changed(statement, ['result'], dropScore);
  after = changed(after, ['result'], dropNulls(optionalMembers.result));
  after = changed(after, ['object', 'definition'], dropNulls(optionalMembers.definition));
  return changed(after, ['context'], dropNulls(optionalMembers.context));
}

const bareWord = /^[A-Za-z][\w-]*$/;

function prefixedKeys(extensions: JsonObject): JsonObject {
  const entries = Object.entries(extensions);
  if (!entries.some(([key]) => bareWord.test(key))) return extensions;
  return Object.fromEntries(
    entries
      .filter(([key]) => !(bareWord.test(key) && Object.hasOwn(extensions, ext + key)))
      .map(([key, value]) => [bareWord.test(key) ? ext + key : key, value]),
  );
}

function parentToContextActivities(statement: JsonObject): JsonObject {
  const context = objectMember(statement, 'context');
  if (context === undefined) return statement;
  const parent = member(context, 'parent');
  const lists = member(context, 'contextActivities') ?? {};
  if (parent === undefined || !isJsonObject(lists)) return statement;
  const added = Array.isArray(parent) ? parent : [parent];
  if (!added.every(isJsonObject)) return statement;
  const present = member(lists, 'parent') ?? [];
  const kept: readonly unknown[] = Array.isArray(present) ? present : [present];
  const known = new Set(kept.map((activity) => member(activity, 'id')));
  const parents = [...kept, ...added.filter((activity) => !known.has(member(activity, 'id')))];
  return withMember(statement, 'context', {
    ...without(context, ['parent']),
    contextActivities: { ...lists, parent: parents },
  });
}
