import {
  type Authority,
  type JsonObject,
  storedForm,
  type ValidationError,
  type ValidStatement,
  validateStatement,
} from '../../../../../functions/core/xapi/index.ts';

export const authority: Authority = {
  objectType: 'Agent',
  account: { homePage: 'http://nlj.platform', name: 'system' },
};

/** A small valid statement with members set, or removed where undefined. */
export function statementWith(members: Readonly<Record<string, unknown>> = {}): JsonObject {
  const all = {
    id: '5a1c0000-0000-4000-8000-000000001389',
    actor: { mbox: 'mailto:dana.okafor@example.org' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/attempted' },
    object: { id: 'http://nlj.platform/activities/1' },
    timestamp: '2025-08-14T09:30:00Z',
    ...members,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

export function errorsOf(value: unknown): readonly ValidationError[] {
  const outcome = validateStatement(value);
  return outcome.ok ? [] : outcome.errors;
}

/** `path rule` of each error. */
export function brokenRules(value: unknown): string[] {
  return errorsOf(value).map(({ path, rule }) => `${path} ${rule}`);
}

/** The stored form of what must be valid. */
export function stored(value: unknown): ValidStatement {
  const outcome = validateStatement(value);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
  return storedForm(outcome.statement, { authority });
}

/** A value as it comes off the wire: `__proto__` in text becomes a member. */
export function parsed(text: string): unknown {
  return JSON.parse(text);
}
