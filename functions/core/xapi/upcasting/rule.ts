import { isJsonObject, type JsonObject, member, objectMember, textMember, without } from '../json.ts';
import { ext } from '../prefixes.ts';

/** One row of the upcasting table (spec: events.md). */
export interface UpcastRule {
  /** Stable id, kebab-case; counted when the rule fires. */
  readonly name: string;
  /** Topics that it is for; absent: all. */
  readonly topics?: readonly string[];
  readonly description: string;
  /**
   * The statement in the rule's form: the very same object where it has it already, which is how one tells that the
   * rule did not fire. Never throws, whatever the shape; never changes what it is given.
   */
  readonly apply: (statement: JsonObject) => JsonObject;
}

/** The object with a member set. */
export function withMember(object: JsonObject, name: string, value: unknown): JsonObject {
  return { ...object, [name]: value };
}

/** The object with some of its members changed; undefined removes one. */
export function withMembers(object: JsonObject, members: Readonly<Record<string, unknown>>): JsonObject {
  const removed = Object.keys(members).filter((name) => members[name] === undefined);
  return without({ ...object, ...members }, removed);
}

/** The value of `ext:<name>` in the context's extensions. */
export function contextExtension(statement: JsonObject, name: string): unknown {
  return member(objectMember(member(statement, 'context'), 'extensions'), ext + name);
}

/**
 * The statement with context extensions changed, by name without prefix; undefined removes one. A context or extensions
 * that is missing is made; one that is no object is left for validation to refuse, and the statement with it.
 */
export function withContextExtensions(statement: JsonObject, changes: Readonly<Record<string, unknown>>): JsonObject {
  const context = member(statement, 'context') ?? {};
  const extensions = member(context, 'extensions') ?? {};
  if (!isJsonObject(context) || !isJsonObject(extensions)) return statement;
  const prefixed = Object.fromEntries(Object.entries(changes).map(([name, value]) => [ext + name, value]));
  return withMember(statement, 'context', withMember(context, 'extensions', withMembers(extensions, prefixed)));
}

/** The verb's IRI. */
export function verbOf(statement: JsonObject): string | undefined {
  return textMember(member(statement, 'verb'), 'id');
}

/** The statement with another verb and that verb's canonical display. */
export function withVerb(statement: JsonObject, id: string): JsonObject {
  return withMember(statement, 'verb', { ...objectMember(statement, 'verb'), id, display: { 'en-US': displayOf(id) } });
}

function displayOf(id: string): string {
  const name = id.slice(id.lastIndexOf('/') + 1);
  return displays[name] ?? name.replace('generation-', 'generation ').replaceAll('-', ' ');
}

/** Displays that are not the verb's own word. */
const displays: Readonly<Record<string, string | undefined>> = {
  author: 'authored',
  schedule: 'scheduled',
  asked: 'requested',
  initialized: 'started',
};

/** A rule that replaces one verb by another on some topics. */
export function verbRule(
  name: string,
  onTopics: readonly string[],
  from: readonly string[],
  to: string,
  description: string,
): UpcastRule {
  return {
    name,
    topics: onTopics,
    description,
    apply: (statement) => (from.includes(verbOf(statement) ?? '') ? withVerb(statement, to) : statement),
  };
}

/** The statement's object where that is an Activity. */
export function activityOf(statement: JsonObject): JsonObject | undefined {
  const object = objectMember(statement, 'object');
  return object !== undefined && (member(object, 'objectType') ?? 'Activity') === 'Activity' ? object : undefined;
}

/** The Activity's type. */
export function activityType(activity: JsonObject): string | undefined {
  return textMember(member(activity, 'definition'), 'type');
}

/** The statement with its object's type set; a definition that is no object is left alone. */
export function withActivityType(statement: JsonObject, type: string): JsonObject {
  const activity = activityOf(statement);
  if (activity === undefined) return statement;
  const definition = member(activity, 'definition') ?? {};
  if (!isJsonObject(definition) || member(definition, 'type') === type) return statement;
  return withMember(statement, 'object', withMember(activity, 'definition', withMember(definition, 'type', type)));
}

/** The id at the end of an entity's IRI of a kind, such as `training-sessions`; undefined for another IRI. */
export function entityId(iri: string | undefined, kind: string): string | undefined {
  const match = /^https?:\/\/[^/]+\/([\w-]+)\/([^/?#]+)\/?$/.exec(iri ?? '');
  return match?.[1] === kind ? match[2] : undefined;
}
