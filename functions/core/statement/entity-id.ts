import { isUuid } from '../xapi/formats.ts';
import type { ValidStatement } from '../xapi/index.ts';

/**
 * The id of the entity that a statement's Activity is: the last path segment, a uuid, in lower case.
 * @param collection the path segment before it, such as `training-sessions`.
 * @returns null where the object is another one.
 */
export function entityId({ object }: Pick<ValidStatement, 'object'>, collection: string): string | null {
  if (object.objectType !== undefined && object.objectType !== 'Activity') return null;
  const [, kind, id] = /^[^?#]*\/([^/?#]+)\/([^/?#]+)$/.exec(object.id) ?? [];
  return kind === collection && id !== undefined && isUuid(id) ? id.toLowerCase() : null;
}
