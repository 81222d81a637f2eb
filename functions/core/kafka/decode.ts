import type { Rejection } from '../batch/entry.ts';
import type { JsonObject } from '../xapi/json.ts';
import { isJsonObject } from '../xapi/json.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A record's value as a JSON object, or why it is none. */
export type DecodeOutcome =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly rejection: Rejection };

/**
 * Decodes the value of a Kafka record: UTF-8 JSON text of one object.
 *
 * Tombstones, empty values, bytes that are not UTF-8, text that is not JSON and JSON that is not an object are all
 * possible on the wire; each is a rejection with a rule of its own, never an exception.
 */
export function decodeValue(value: Buffer | null): DecodeOutcome {
  if (value === null) return undecodable('tombstone', 'null');
  if (value.length === 0) return undecodable('empty-value', 'no bytes');
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return undecodable('encoding', 'bytes that are not UTF-8');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undecodable('json-syntax', 'text that is not JSON');
  }
  if (Array.isArray(json)) return undecodable('json-array', 'array');
  if (!isJsonObject(json)) return undecodable('json-object', json === null ? 'null' : typeof json);
  return { ok: true, value: json };
}

function undecodable(rule: string, found: string): DecodeOutcome {
  return {
    ok: false,
    rejection: {
      class: 'undecodable',
      errors: [{ path: '$', rule, requirement: 'one statement per record', expected: 'a JSON object in UTF-8', found }],
    },
  };
}
