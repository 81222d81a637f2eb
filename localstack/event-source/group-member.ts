import {
  Admin,
  ConnectionPool,
  Consumer,
  type ConsumerGroupJoinPayload,
  type FetchOptions,
  ListOffsetTimestamps,
  type RecordsBatch,
} from '@platformatic/kafka';
import { type SourceRecord, sourceOf, toSourceRecord } from './event-json.ts';
import { errorFields, type Log } from './log.ts';
import type { StartingPosition } from './mapping.ts';
import { pause } from './signal.ts';

/** A partition that the group has given to this member. A lost partition that comes back is a new lease. */
export interface Lease {
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  /** The next offset to fetch; undefined while the group's offset is being looked up. */
  next: bigint | undefined;
}

export interface FetchedRecords {
  readonly lease: Lease;
  readonly records: readonly SourceRecord[];
}

export interface CommitOffset {
  readonly lease: Lease;
  /** The offset of the first record that is not done. */
  readonly offset: bigint;
}

/** One member of a consumer group: it owns partitions, fetches from them and commits offsets. */
export interface GroupMember {
  readonly leases: ReadonlyMap<string, Lease>;
  /** Fetches once from every partition that has a position. What a lease has lost meanwhile is left out. */
  fetch(): Promise<readonly FetchedRecords[]>;
  commit(offsets: readonly CommitOffset[]): Promise<void>;
  /** Leaves the group. */
  close(): Promise<void>;
}

export interface GroupMemberOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly startingPosition: StartingPosition;
  readonly sessionTimeoutMs: number;
  readonly log: Log;
  /** Called when partitions were taken away or have got their position. */
  readonly onChange: (lost: readonly string[]) => void;
  /** Called when the member cannot go on and has to be replaced by a new one. */
  readonly onFatal: (error: unknown) => void;
}

type FetchRequests = FetchOptions<Buffer, Buffer, Buffer, Buffer>['topics'];

const logAppendTime = 0b1000;
const controlBatch = 0b100000;
const readCommitted = 1;
const fetchBytes = 4 * 1024 * 1024;
const partitionBytes = 1024 * 1024;
const fetchWaitMs = 500;
/** A broker that does not answer must not hold up a stop; it finds out by the session timeout. */
const closeMs = 2000;
const rejoinsBeforeFatal = 60;
/** A member that outlives an outage of the broker goes on at once; a new one waits for the old one's session to end. */
const heartbeatStallMs = 60_000;

/**
 * Joins the group. Fetching has a connection of its own, as a waiting fetch holds up whatever stands behind it.
 * The client's own retries are off: its retry of a commit joins the group anew and then commits for partitions that
 * may have gone to another member.
 */
export async function joinGroup(options: GroupMemberOptions): Promise<GroupMember> {
  const { brokers, clientId, groupId, topics, sessionTimeoutMs, log } = options;
  const consumer = new Consumer({
    clientId,
    groupId,
    bootstrapBrokers: [...brokers],
    retries: 0,
    metadataMaxAge: 30_000,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.min(1000, Math.floor(sessionTimeoutMs / 5)),
    heartbeatStallTimeout: heartbeatStallMs,
    isolationLevel: readCommitted,
    autocommit: false,
  });
  const pool = new ConnectionPool(`${clientId}-fetch`);
  const leases = new Map<string, Lease>();
  const closing = new AbortController();
  let memberId: string | undefined;
  let joining = false;

  consumer.topics.trackAll(...topics);
  consumer.on('consumer:group:join', onJoin);
  consumer.on('consumer:heartbeat:stalled', () => options.onFatal(new Error('heartbeat stalled')));
  consumer.on('error', (error: unknown) => {
    log.warn('group error', errorFields(error));
    rejoin().catch(options.onFatal);
  });

  function onJoin(payload: ConsumerGroupJoinPayload): void {
    const sameMember = memberId === payload.memberId;
    memberId = payload.memberId;
    const assigned = new Map<string, { readonly topic: string; readonly partition: number }>();
    for (const { topic, partitions } of payload.assignments ?? []) {
      for (const partition of partitions) {
        assigned.set(sourceOf(topic, partition), { topic, partition });
      }
    }
    const lost = [...leases.keys()].filter((source) => !sameMember || !assigned.has(source));
    for (const source of lost) {
      leases.delete(source);
    }
    const gained: Lease[] = [];
    for (const [source, { topic, partition }] of assigned) {
      if (!leases.has(source)) {
        const lease: Lease = { source, topic, partition, next: undefined };
        leases.set(source, lease);
        gained.push(lease);
      }
    }
    log.info('assigned', { generation: payload.generationId ?? -1, partitions: [...leases.keys()], lost });
    options.onChange(lost);
    if (gained.length > 0) {
      void position(gained);
    }
  }

  async function rejoin(): Promise<void> {
    if (joining) {
      return;
    }
    joining = true;
    try {
      for (let attempt = 1; !closing.signal.aborted; attempt += 1) {
        try {
          await consumer.joinGroup({});
          return;
        } catch (error) {
          if (attempt >= rejoinsBeforeFatal) {
            throw error;
          }
          log.debug('join again', errorFields(error));
          await pause(Math.min(1000, 50 * attempt), closing.signal);
        }
      }
    } finally {
      joining = false;
    }
  }

  const isHeld = (lease: Lease) => leases.get(lease.source) === lease && !closing.signal.aborted;

  /** Finds where to begin, again and again until it is found or the partitions are lost. */
  async function position(gained: readonly Lease[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const held = gained.filter(isHeld);
      if (held.length === 0) {
        return;
      }
      try {
        await positionOnce(held);
        options.onChange([]);
        return;
      } catch (error) {
        log.warn('position not found', { attempt, ...errorFields(error) });
        await pause(Math.min(2000, 100 * attempt), closing.signal);
      }
    }
  }

  async function positionOnce(held: readonly Lease[]): Promise<void> {
    const byTopic = partitionsByTopic(held);
    const committed = await consumer.listCommittedOffsets({
      topics: [...byTopic].map(([topic, partitions]) => ({ topic, partitions })),
    });
    const fresh = held.filter((lease) => (committed.get(lease.topic)?.[lease.partition] ?? -1n) < 0n);
    const starts = fresh.length > 0 ? await startOffsets(fresh) : new Map<Lease, bigint>();
    for (const lease of held) {
      const offset = starts.get(lease) ?? committed.get(lease.topic)?.[lease.partition];
      if (offset !== undefined && isHeld(lease)) {
        lease.next = offset;
      }
    }
    if (fresh.length > 0 && options.startingPosition.kind !== 'earliest') {
      // Else what arrives before the first commit would be passed over by the next start.
      await commit([...starts].map(([lease, offset]) => ({ lease, offset })));
    }
  }

  async function startOffsets(fresh: readonly Lease[]): Promise<Map<Lease, bigint>> {
    const start = options.startingPosition;
    const [latest, wanted] = await Promise.all([
      offsetsAt(fresh, ListOffsetTimestamps.LATEST),
      start.kind === 'latest'
        ? undefined
        : offsetsAt(fresh, start.kind === 'earliest' ? ListOffsetTimestamps.EARLIEST : BigInt(start.timestamp)),
    ]);
    const found = new Map<Lease, bigint>();
    for (const [lease, end] of latest) {
      const offset = wanted?.get(lease) ?? end;
      found.set(lease, offset < 0n ? end : offset);
    }
    return found;
  }

  async function offsetsAt(wanted: readonly Lease[], timestamp: bigint): Promise<Map<Lease, bigint>> {
    const byTopic = partitionsByTopic(wanted);
    const offsets = await consumer.listOffsets({
      topics: [...byTopic.keys()],
      partitions: Object.fromEntries(byTopic),
      timestamp,
    });
    const found = new Map<Lease, bigint>();
    for (const lease of wanted) {
      const offset = offsets.get(lease.topic)?.[lease.partition];
      if (offset !== undefined) {
        found.set(lease, offset);
      }
    }
    return found;
  }

  /** Retention may have passed a position by, or a topic may have been made anew: starts where the mapping says. */
  async function repairPositions(): Promise<void> {
    const placed = [...leases.values()].filter(({ next }) => next !== undefined);
    const [earliest, latest] = await Promise.all([
      offsetsAt(placed, ListOffsetTimestamps.EARLIEST),
      offsetsAt(placed, ListOffsetTimestamps.LATEST),
    ]);
    for (const lease of placed) {
      const first = earliest.get(lease) ?? 0n;
      const end = latest.get(lease) ?? 0n;
      if (lease.next !== undefined && isHeld(lease) && (lease.next < first || lease.next > end)) {
        const offset = options.startingPosition.kind === 'latest' ? end : first;
        log.warn('offset out of range', { source: lease.source, from: Number(lease.next), to: Number(offset) });
        lease.next = offset;
      }
    }
  }

  async function fetch(): Promise<readonly FetchedRecords[]> {
    const wanted = [...leases.values()].filter(({ next }) => next !== undefined);
    if (wanted.length === 0) {
      return [];
    }
    const metadata = await consumer.metadata({ topics: [...topics] });
    const byNode = new Map<number, Map<string, Lease>>();
    for (const lease of wanted) {
      const topic = metadata.topics.get(lease.topic);
      const leader = topic?.partitions[lease.partition]?.leader;
      if (topic !== undefined && leader !== undefined) {
        const node = byNode.get(leader) ?? new Map<string, Lease>();
        byNode.set(leader, node.set(`${topic.id}/${lease.partition}`, lease));
      }
    }
    const fetched = await Promise.all([...byNode].map(([node, byId]) => fetchNode(node, byId)));
    return fetched.flat();
  }

  async function fetchNode(node: number, byId: ReadonlyMap<string, Lease>): Promise<FetchedRecords[]> {
    const asked = new Map<Lease, bigint>();
    const requests: FetchRequests = [];
    for (const [id, lease] of byId) {
      if (lease.next !== undefined) {
        asked.set(lease, lease.next);
        const partition = {
          partition: lease.partition,
          currentLeaderEpoch: -1,
          fetchOffset: lease.next,
          lastFetchedEpoch: -1,
          partitionMaxBytes: partitionBytes,
        };
        requests.push({ topicId: id.slice(0, id.lastIndexOf('/')), partitions: [partition] });
      }
    }
    try {
      const response = await consumer.fetch({
        node,
        topics: requests,
        connectionPool: pool,
        maxBytes: fetchBytes,
        maxWaitTime: fetchWaitMs,
        minBytes: 1,
        isolationLevel: readCommitted,
      });
      const results: FetchedRecords[] = [];
      for (const { topicId, partitions } of response.responses) {
        for (const { partitionIndex, records: batches } of partitions) {
          const lease = byId.get(`${topicId}/${partitionIndex}`);
          const from = lease && asked.get(lease);
          if (lease === undefined || from === undefined || !isHeld(lease) || lease.next !== from || !batches?.length) {
            continue;
          }
          results.push({ lease, records: readBatches(lease, from, batches) });
        }
      }
      return results;
    } catch (error) {
      if (hasApiId(error, 'OFFSET_OUT_OF_RANGE')) {
        await repairPositions();
        return [];
      }
      throw error;
    }
  }

  async function commit(offsets: readonly CommitOffset[]): Promise<void> {
    const held = offsets.filter(({ lease }) => isHeld(lease));
    if (held.length > 0) {
      await consumer.commit({
        offsets: held.map(({ lease: { topic, partition }, offset }) => ({ topic, partition, offset, leaderEpoch: -1 })),
      });
    }
  }

  async function close(): Promise<void> {
    closing.abort();
    leases.clear();
    const closed = Promise.allSettled([pool.close(), consumer.close(true)]);
    await Promise.race([closed, pause(closeMs, new AbortController().signal)]);
  }

  try {
    await rejoin();
  } catch (error) {
    await close();
    throw error;
  }
  return { leases, fetch, commit, close };
}

/** The records of a partition's batches from an offset on, and the lease moved behind them. */
function readBatches(lease: Lease, from: bigint, batches: readonly RecordsBatch[]): SourceRecord[] {
  const records: SourceRecord[] = [];
  for (const batch of batches) {
    const end = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
    if (lease.next === undefined || end > lease.next) {
      lease.next = end;
    }
    if ((batch.attributes & controlBatch) !== 0) {
      continue;
    }
    const appended = (batch.attributes & logAppendTime) !== 0;
    const first = Number(batch.firstOffset);
    const skipBefore = Number(from);
    const firstTimestamp = Number(batch.firstTimestamp);
    for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
      const offset = first + offsetDelta;
      if (offset >= skipBefore) {
        records.push(
          toSourceRecord({
            topic: lease.topic,
            partition: lease.partition,
            offset,
            timestamp: appended ? Number(batch.maxTimestamp) : firstTimestamp + Number(timestampDelta),
            timestampType: appended ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
            key,
            value,
            headers,
          }),
        );
      }
    }
  }
  return records;
}

/** Looks up topics, for the number of their partitions and to see when one was made anew. */
export interface TopicLookup {
  /** For each topic its id and number of partitions; undefined when one of them is not there. */
  describe(topics: readonly string[]): Promise<readonly TopicShape[] | undefined>;
}

export interface TopicShape {
  readonly id: string;
  readonly partitions: number;
}

export function createTopicLookup(brokers: readonly string[], clientId: string): TopicLookup {
  const admin = new Admin({ clientId, bootstrapBrokers: [...brokers], retries: 0 });
  return {
    async describe(topics) {
      try {
        const metadata = await admin.metadata({ topics: [...topics], forceUpdate: true });
        const shapes = topics.flatMap((topic) => {
          const found = metadata.topics.get(topic);
          return found === undefined ? [] : [{ id: found.id, partitions: found.partitionsCount }];
        });
        return shapes.length === topics.length ? shapes : undefined;
      } catch (error) {
        if (hasApiId(error, 'UNKNOWN_TOPIC_OR_PARTITION')) {
          return undefined;
        }
        throw error;
      }
    },
  };
}

function partitionsByTopic(leases: readonly Lease[]): Map<string, number[]> {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of leases) {
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  }
  return byTopic;
}

/** True when an error, or one that it wraps, is this error of the Kafka protocol. */
function hasApiId(error: unknown, apiId: string): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  if ('apiId' in error && error.apiId === apiId) {
    return true;
  }
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return [...inner, error.cause].some((each) => hasApiId(each, apiId));
}
