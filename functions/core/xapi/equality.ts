import { createHash } from 'node:crypto';
import type { JsonObject } from './json.ts';
import type { ValidStatement } from './statement.ts';

export interface EqualityOptions {
  /** The timestamp is not the producer's (`UpcastResult.timestampAssigned`): a missing one equals only a missing one. */
  readonly timestampAssigned: boolean;
}

/** STUB, being written. */
export function comparisonForm(statement: ValidStatement, _options: EqualityOptions): JsonObject {
  return JSON.parse(JSON.stringify(statement));
}

/** STUB, being written. */
export function receivedHash(value: JsonObject): Buffer {
  return createHash('sha256').update(JSON.stringify(value)).digest();
}

/** STUB, being written. */
export function canonicalHash(statement: ValidStatement, options: EqualityOptions): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(comparisonForm(statement, options)))
    .digest();
}
