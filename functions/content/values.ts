import { storable } from '../core/people/person.ts';
import { isUuid } from '../core/xapi/formats.ts';
import { isJsonObject, type JsonObject } from '../core/xapi/index.ts';

/** Extensions may hold any JSON. What is not of the catalogue's type reads as null: the statement has it all the same. */

export function text(value: unknown): string | null {
  return typeof value === 'string' ? storable(value) : null;
}

export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A whole number from 0. */
export function count(value: unknown): number | null {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0 ? value : null;
}

/** A uuid in lower case. */
export function uuid(value: unknown): string | null {
  return typeof value === 'string' && isUuid(value) ? value.toLowerCase() : null;
}

export function object(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** An array's texts; what is none is left out. */
export function texts(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').map(storable) : null;
}
