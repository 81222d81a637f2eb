import type { SourceRecord } from '../kafka/record.ts';

/** `00-<trace id>-<parent id>-<flags>`. @see https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const noTrace = '0'.repeat(32);
/** A batch may have thousands; a log line holds so many. */
const atMost = 20;

/** The trace id of a record's W3C header, or null where it has none. */
export function traceIdOf({ headers }: Pick<SourceRecord, 'headers'>): string | null {
  for (const { name, value } of headers) {
    if (name.toLowerCase() !== 'traceparent') continue;
    const id = traceparent.exec(value.toString('latin1'))?.[1];
    return id === undefined || id === noTrace ? null : id;
  }
  return null;
}

/** Trace ids of a batch's records, without repetition, the first twenty. */
export function traceIdsOf(records: readonly Pick<SourceRecord, 'headers'>[]): string[] {
  const ids = new Set<string>();
  for (const record of records) {
    const id = traceIdOf(record);
    if (id !== null) ids.add(id);
    if (ids.size >= atMost) break;
  }
  return [...ids];
}
