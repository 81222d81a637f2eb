import type { StatementRow } from '../core/ledger/row.ts';
import { storable } from '../core/people/person.ts';
import { extension } from '../core/statement/reading.ts';
import { isUuid } from '../core/xapi/formats.ts';
import type { ValidationError } from '../core/xapi/index.ts';
import { typeOf } from '../core/xapi/json.ts';
import { jsonPath } from '../core/xapi/json-path.ts';
import { ext } from '../core/xapi/prefixes.ts';
import { isTimestamp } from '../core/xapi/timestamp.ts';
import { instant } from './stamp.ts';

/** Rules of the catalogue of events (spec: events.md, projections.md) that a valid statement can break. */
const rules = {
  'entity-id': 'an object whose last path segment is the uuid of the entity',
  learner: 'an identified person who is not the platform',
  extension: 'the type that the catalogue of events gives it',
  'session-times': 'a start before the end',
  'session-capacity': 'an integer from 1 to 1000',
} as const;

export type RuleId = keyof typeof rules;

/** Thrown while a statement is read, and caught by `readEvent`. */
export class RuleBroken extends Error {
  override readonly name = 'RuleBroken';
  readonly error: ValidationError;

  constructor(rule: RuleId, path: readonly PropertyKey[], found: unknown) {
    super(`Rule ${rule}`);
    this.error = {
      path: jsonPath(path),
      rule,
      requirement: 'catalogue of training events',
      expected: rules[rule],
      found: typeOf(found),
    };
  }
}

export function extensionBroken(name: string, found: unknown, rule: RuleId = 'extension'): RuleBroken {
  return new RuleBroken(rule, ['context', 'extensions', ext + name], found);
}

type Read<Value> = (value: unknown) => Value | undefined;

/**
 * Reads an extension: undefined where it is absent, null where it is null or an empty text.
 * @throws RuleBroken where the reader makes nothing of it.
 */
function optional<Value>(body: StatementRow['body'], name: string, read: Read<Value>): Value | null | undefined {
  const value = extension(body.context?.extensions, name);
  if (value === undefined) return undefined;
  if (value === null || value === '') return null;
  const result = read(value);
  if (result === undefined) throw extensionBroken(name, value);
  return result;
}

const asUuid: Read<string> = (value) => (typeof value === 'string' && isUuid(value) ? value.toLowerCase() : undefined);
const asInstant: Read<string> = (value) =>
  typeof value === 'string' && isTimestamp(value) ? instant(value) : undefined;
const asText: Read<string> = (value) => (typeof value === 'string' ? storable(value).trim() : undefined);
const asNumber: Read<number> = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const asBoolean: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

function asList<Item>(item: Read<Item>): Read<readonly Item[]> {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const items = value.map(item);
    return items.every((each) => each !== undefined) ? items : undefined;
  };
}

/** Readers of the extensions of one statement, by type. */
export function extensionsOf(body: StatementRow['body']) {
  const read =
    <Value>(type: Read<Value>) =>
    (name: string) =>
      optional(body, name, type);
  return {
    uuid: read(asUuid),
    instant: read(asInstant),
    text: (name: string) => optional(body, name, asText) || nullOf(body, name),
    number: read(asNumber),
    boolean: read(asBoolean),
    texts: read(asList((value) => asText(value))),
    uuids: read(asList(asUuid)),
    raw: (name: string) => extension(body.context?.extensions, name),
  };
}

/** Text of blanks alone is none. */
function nullOf(body: StatementRow['body'], name: string): null | undefined {
  return extension(body.context?.extensions, name) === undefined ? undefined : null;
}

/** A value that must be there. @throws RuleBroken where it is absent, null or empty. */
export function required<Value>(name: string, value: Value | null | undefined): Value {
  if (value === undefined || value === null) throw extensionBroken(name, value);
  return value;
}
