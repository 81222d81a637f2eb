import { type KafkaEvent, type KafkaEventRecord, replayBroker } from '../../core/kafka/event.ts';
import type { SourceRecord } from '../../core/kafka/record.ts';

/** A record that is to be replayed, and the group whose function takes it. */
export interface Replayable {
  readonly group: string;
  readonly record: SourceRecord;
}

/** One invocation of a topic group's function. */
export interface Invocation<Item extends Replayable> {
  readonly group: string;
  /** In the order of the event's records. */
  readonly items: readonly Item[];
  readonly event: KafkaEvent;
}

export interface PlanLimits {
  /** Records of one invocation, at most. */
  readonly records: number;
  /** Bytes of an invocation's records as JSON, at most; a larger single record goes alone. */
  readonly bytes: number;
}

/** As the mappings send: Lambda's limit of 6 MB less what surrounds the records. */
export const planLimits: PlanLimits = { records: 500, bytes: 5 * 1024 * 1024 };

/**
 * Cuts records into invocations, each record in exactly one, in their order by group. A place of Kafka can hold two
 * records (a topic that was made anew), and the function answers by place, so those go apart.
 */
export function planInvocations<Item extends Replayable>(
  items: readonly Item[],
  limits: PlanLimits = planLimits,
): Invocation<Item>[] {
  const done: Draft<Item>[] = [];
  const open = new Map<string, Draft<Item>>();
  for (const item of items) {
    const bytes = JSON.stringify(eventRecord(item.record)).length + 1;
    // A cluster that was replaced has an event of its own.
    const stream = JSON.stringify([item.group, item.record.cluster]);
    const place = placeOf(item.record);
    let draft = open.get(stream);
    if (
      draft === undefined ||
      draft.items.length >= limits.records ||
      draft.bytes + bytes > limits.bytes ||
      draft.places.has(place)
    ) {
      draft = { group: item.group, items: [], places: new Set(), bytes: 0 };
      open.set(stream, draft);
      done.push(draft);
    }
    draft.items.push(item);
    draft.places.add(place);
    draft.bytes += bytes;
  }
  return done.map(({ group, items: drafted }) => invocationOf(group, drafted));
}

interface Draft<Item> {
  readonly group: string;
  readonly items: Item[];
  readonly places: Set<string>;
  bytes: number;
}

function invocationOf<Item extends Replayable>(group: string, items: readonly Item[]): Invocation<Item> {
  const partitions = Map.groupBy(items, ({ record }) => `${record.topic}-${record.partition}`);
  return {
    group,
    items: [...partitions.values()].flat(),
    event: {
      eventSource: 'aws:kafka',
      eventSourceArn: items[0]?.record.cluster ?? '',
      // Nothing reads it: the records are here.
      bootstrapServers: replayBroker,
      records: Object.fromEntries(
        [...partitions].map(([partition, list]) => [partition, list.map(({ record }) => eventRecord(record))]),
      ),
    },
  };
}

/** A record as Lambda's Kafka event has it; header bytes signed, as AWS sends them. */
export function eventRecord(record: SourceRecord): KafkaEventRecord {
  const { topic, partition, offset, timestamp, timestampType, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    timestamp,
    timestampType,
    key: key?.toString('base64') ?? null,
    value: value?.toString('base64') ?? null,
    headers: headers.map((header) => ({ [header.name]: [...new Int8Array(header.value)] })),
  };
}

/** How a batch item failure names a record. */
export function placeOf({ topic, partition, offset }: Pick<SourceRecord, 'topic' | 'partition' | 'offset'>): string {
  return `${topic}-${partition}@${offset}`;
}
