import type { Activity, Authority, StoredContext, ValidStatement, WireStatement } from './statement.ts';
import { rfc3339Timestamp } from './timestamp.ts';

export interface StoredFormOptions {
  /** `authority` where the statement brings none (Part 2, 2.4.9.s3.b3). */
  readonly authority: Authority;
}

/**
 * The form of a valid statement that is stored: the id in lower case, timestamps in RFC 3339 and UTC (Part 2, 4.5),
 * contextActivities as arrays (2.4.6.2.s4.b3), a version (2.4.10.s3.b3) and an authority. A client's `stored` is
 * dropped; the ledger has its own. Doing it again changes nothing.
 *
 * @throws TypeError if the statement has no id or no timestamp: upcasting assigns both.
 */
export function storedForm(statement: WireStatement, { authority }: StoredFormOptions): ValidStatement {
  const { stored: _dropped, ...kept } = statement;
  const form = {
    ...kept,
    ...(statement.id === undefined ? {} : { id: statement.id.toLowerCase() }),
    ...storedTimestamp(statement),
    version: statement.version ?? '1.0.0',
    authority: statement.authority ?? authority,
    ...storedContext(statement),
    object:
      statement.object.objectType === 'SubStatement'
        ? { ...statement.object, ...storedTimestamp(statement.object), ...storedContext(statement.object) }
        : statement.object,
  };
  if (!isStored(form)) throw new TypeError('A statement without id or timestamp has no stored form');
  return form;
}

function isStored(form: { readonly id?: unknown; readonly timestamp?: unknown }): form is ValidStatement {
  return form.id !== undefined && form.timestamp !== undefined;
}

function storedTimestamp({ timestamp }: { readonly timestamp?: string | undefined }) {
  return timestamp === undefined ? {} : { timestamp: rfc3339Timestamp(timestamp) };
}

function storedContext({ context }: Pick<WireStatement, 'context'>): { context?: StoredContext } {
  if (context === undefined) return {};
  const { contextActivities, ...others } = context;
  if (contextActivities === undefined) return { context: others };
  const arrays = Object.fromEntries(Object.entries(contextActivities).map(([key, value]) => [key, activities(value)]));
  return { context: { ...others, contextActivities: arrays } };
}

function activities(value: Activity | readonly Activity[] | undefined): readonly Activity[] {
  if (value === undefined) return [];
  return isArray(value) ? value : [value];
}

/** `Array.isArray` does not narrow read-only arrays. */
function isArray(value: Activity | readonly Activity[]): value is readonly Activity[] {
  return Array.isArray(value);
}
