import { createHash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';
import { deliveryMembers } from './delivery.ts';
import { isJsonObject, type JsonObject, member, textMember, without } from './json.ts';
import type { ValidStatement, WireStatement } from './statement.ts';
import { canonicalTimestamp } from './timestamp.ts';

export interface EqualityOptions {
  /**
   * The timestamp is not the producer's (`UpcastResult.timestampAssigned`): a missing one equals only a missing one.
   */
  readonly timestampAssigned: boolean;
}

const serialise = configure({ deterministic: true, bigint: false });

/**
 * What counts when two statements under one id are compared (Part 2, 2.3.1): equal exactly if these forms are.
 *
 * Left out: `authority`, `stored` and `version` (the store may set them), a verb's `display`, activity definitions, an
 * attachment's `fileUrl`. In one notation: timestamps; single objects in contextActivities; what is case-insensitive
 * by its own standard (uuids, the domain of an e-mail address, hexadecimal digits, `context.language`). Group members
 * are sorted. Everything else counts as it is, a duration's notation (2.3.1.b8) and an absent `objectType` included.
 */
export function comparisonForm(statement: ValidStatement | WireStatement, options: EqualityOptions): JsonObject {
  const form = statementForm(without(statement, ['authority', 'stored', 'version']));
  return options.timestampAssigned ? without(form, ['timestamp']) : form;
}

/** SHA-256 of a statement's comparison form. */
export function canonicalHash(statement: ValidStatement | WireStatement, options: EqualityOptions): Buffer {
  return hash(comparisonForm(statement, options));
}

/** SHA-256 of a record's value as it was received, less delivery metadata; the order of members is no difference. */
export function receivedHash(value: JsonObject): Buffer {
  return hash(without(value, deliveryMembers));
}

function hash(value: JsonObject): Buffer {
  return createHash('sha256')
    .update(serialise(value) ?? '')
    .digest();
}

type Form = (value: unknown) => unknown;

/** The object with some of its members in another form; what is no object stays as it is. */
function mapped(value: unknown, forms: Readonly<Record<string, Form>>): unknown {
  if (!isJsonObject(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [name, form] of Object.entries(forms)) {
    if (Object.hasOwn(value, name)) copy[name] = form(value[name]);
  }
  return copy;
}

function each(form: Form): Form {
  return (value) => (Array.isArray(value) ? value.map(form) : value);
}

const lower: Form = (value) => (typeof value === 'string' ? value.toLowerCase() : value);
const time: Form = (value) => (typeof value === 'string' ? canonicalTimestamp(value) : value);

const mailbox: Form = (value) => {
  if (typeof value !== 'string') return value;
  const at = value.lastIndexOf('@');
  return value.slice(0, at) + value.slice(at).toLowerCase();
};

const actor: Form = (value) =>
  mapped(value, {
    mbox: mailbox,
    mbox_sha1sum: lower,
    member: (members) => {
      if (!Array.isArray(members)) return members;
      const sorted = members.map(actor).map((agent) => ({ agent, key: serialise(agent) ?? '' }));
      sorted.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
      return sorted.map(({ agent }) => agent);
    },
  });

const activity: Form = (value) => (isJsonObject(value) ? without(value, ['definition']) : value);
const activities: Form = (value) => (Array.isArray(value) ? value.map(activity) : [activity(value)]);
const statementRef: Form = (value) => mapped(value, { id: lower });

const context: Form = (value) =>
  mapped(value, {
    registration: lower,
    instructor: actor,
    team: actor,
    contextActivities: (lists) =>
      mapped(lists, { parent: activities, grouping: activities, category: activities, other: activities }),
    language: lower,
    statement: statementRef,
  });

const object: Form = (value) => {
  switch (member(value, 'objectType')) {
    case 'Agent':
    case 'Group':
      return actor(value);
    case 'StatementRef':
      return statementRef(value);
    case 'SubStatement':
      return isJsonObject(value) ? statementForm(value) : value;
    default:
      return activity(value);
  }
};

function statementForm(statement: JsonObject): JsonObject {
  const form = mapped(statement, {
    id: lower,
    actor,
    verb: (verb) => ({ id: textMember(verb, 'id') }),
    object,
    context,
    timestamp: time,
    attachments: each((attachment) => (isJsonObject(attachment) ? without(attachment, ['fileUrl']) : attachment)),
  });
  return isJsonObject(form) ? form : statement;
}
