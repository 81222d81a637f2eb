import { voidedVerb } from './model.ts';
import type { ValidStatement } from './statement.ts';

/** Id of the statement that this one voids, in lower case, or null if it is no voiding statement (xAPI 1.0.3 Part 2, 2.3.2). */
export function voidingTarget({ verb, object }: Pick<ValidStatement, 'verb' | 'object'>): string | null {
  return verb.id === voidedVerb && object.objectType === 'StatementRef' ? object.id.toLowerCase() : null;
}
