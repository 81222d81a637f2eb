import { decodeValue } from '../kafka/decode.ts';
import { isJsonObject } from '../xapi/json.ts';
import { personIdsOfAgent } from './person.ts';

/**
 * Ids of the people that a record's value seems to name, wherever in it: for values that were refused, of which nothing
 * is established. What is not JSON names nobody.
 */
export function peopleNamedIn(value: Buffer | null): string[] {
  const decoded = decodeValue(value);
  if (!decoded.ok) return [];
  const ids = new Set<string>();
  const open: unknown[] = [decoded.value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) open.push(...next.filter(isContainer));
    else if (isJsonObject(next)) {
      for (const id of personIdsOfAgent(next)) ids.add(id);
      open.push(...Object.values(next).filter(isContainer));
    }
  }
  return [...ids];
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
