import type { Position } from './cursor.ts';
import type { DeadLetterState, Filter } from './request.ts';

/** Conditions on `dead_letter d`, and the values of their parameters. */
export interface Conditions {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Selection {
  readonly filter: Filter;
  readonly state?: DeadLetterState | undefined;
  readonly after?: Position | undefined;
}

/** The order of pages; `after` and `order by` name the same columns. */
export const pageOrder = 'd.first_seen, d.cluster, d.topic, d.partition, d."offset", d.record_time';

/** A selection as SQL; every value is a parameter. */
export function conditionsOf({ filter, state, after }: Selection): Conditions {
  const parts: string[] = [];
  const values: unknown[] = [];
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    parts.push(condition(`$${values.length}`));
  };
  add(state, (parameter) => `d.state = ${parameter}`);
  add(filter.class, (parameter) => `d.class = ${parameter}`);
  add(filter.topic, (parameter) => `d.topic = ${parameter}`);
  add(filter.group, (parameter) => `d.topic_group = ${parameter}`);
  add(filter.since, (parameter) => `d.first_seen >= ${parameter}::timestamptz`);
  add(filter.until, (parameter) => `d.first_seen < ${parameter}::timestamptz`);
  add(
    filter.rule,
    (parameter) => `exists (select from json_array_elements(d.errors) error where error->>'rule' = ${parameter})`,
  );
  add(filter.record?.topic, (parameter) => `d.topic = ${parameter}`);
  add(filter.record?.partition, (parameter) => `d.partition = ${parameter}`);
  add(filter.record?.offset, (parameter) => `d."offset" = ${parameter}`);
  add(
    filter.record?.timestamp === undefined ? undefined : new Date(filter.record.timestamp).toISOString(),
    (parameter) => `d.record_time = ${parameter}::timestamptz`,
  );
  if (after !== undefined) {
    const { firstSeen, cluster, topic, partition, offset, timestamp } = after;
    const first = values.length + 1;
    values.push(firstSeen, cluster, topic, partition, offset, new Date(timestamp).toISOString());
    const casts = ['timestamptz', 'text', 'text', 'integer', 'bigint', 'timestamptz'];
    parts.push(`(${pageOrder}) > (${casts.map((cast, index) => `$${first + index}::${cast}`).join(', ')})`);
  }
  return { text: parts.length === 0 ? 'true' : parts.join(' and '), values };
}
