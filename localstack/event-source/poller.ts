import { type Backoff, backoffMs } from './backoff.ts';
import { createRecordQueue, type RecordQueue } from './batch.ts';
import type { WriteDiscarded } from './destination.ts';
import { type EventEnvelope, eventBody, eventSize, type SourceRecord } from './event-json.ts';
import { type CommitOffset, type GroupMember, joinGroup, type Lease } from './group-member.ts';
import type { Invoke } from './invoker.ts';
import { errorFields, type Log } from './log.ts';
import type { Mapping } from './mapping.ts';
import { interpret, type Verdict } from './outcome.ts';
import {
  afterDiscard,
  afterInvocation,
  keep,
  nextStep,
  type Plan,
  planOf,
  type Segment,
  type Step,
} from './retry-plan.ts';
import { createSignal, pause, type Signal } from './signal.ts';
import type { MappingCounters } from './status.ts';

export interface PollerOptions {
  readonly mapping: Mapping;
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly envelope: EventEnvelope;
  readonly payloadLimit: number;
  readonly backoff: Backoff;
  readonly sessionTimeoutMs: number;
  /** How long a stop waits for the invocation in flight. */
  readonly graceMs: number;
  readonly invoke: Invoke;
  readonly writeDiscarded: WriteDiscarded;
  readonly counters: MappingCounters;
  readonly log: Log;
}

export interface Poller {
  /** Leaves the group; what is not done then comes again at the next owner. */
  stop(): Promise<void>;
}

const failedFetchesBeforeRejoin = 80;
const commitAttemptsWhenStopping = 3;

/**
 * One poller of a mapping: a member of its consumer group with one batch in flight at a time. While that batch is
 * not settled the poller fetches no further than one batch ahead, and its partitions wait; other pollers' do not.
 */
export function startPoller(options: PollerOptions): Poller {
  const { backoff, graceMs, log } = options;
  const stopping = new AbortController();
  const grace = new AbortController();
  const running = run();

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const began = Date.now();
      try {
        await createSession(options, stopping.signal, grace.signal).run();
        failures = 0;
      } catch (error) {
        failures = Date.now() - began > 30_000 ? 1 : failures + 1;
        log.warn('poller starts again', { failures, ...errorFields(error) });
        await pause(backoffMs(backoff, failures), stopping.signal);
      }
    }
  }

  return {
    async stop() {
      stopping.abort();
      const timer = setTimeout(() => grace.abort(), graceMs);
      await running;
      clearTimeout(timer);
    },
  };
}

/** A poller's life from joining the group to leaving it. */
function createSession(options: PollerOptions, stopping: AbortSignal, grace: AbortSignal) {
  const { mapping, envelope, counters, log, backoff } = options;
  const queue: RecordQueue = createRecordQueue(envelope, {
    batchSize: mapping.batchSize,
    windowMs: mapping.windowMs,
    payloadLimit: options.payloadLimit,
  });
  /** Anything has changed: what was fetched, what is owned, whether to go on. */
  const changed: Signal = createSignal();
  /** What is owned, or whether to go on, has changed: a wait between attempts may be in vain. */
  const interrupted: Signal = createSignal();
  let ended = false;
  let fatal: unknown;

  const isOver = () => stopping.aborted || ended;
  const wake = () => {
    interrupted.notify();
    changed.notify();
  };
  const fail = (error: unknown) => {
    fatal ??= error;
    ended = true;
    wake();
  };
  const fits = (record: SourceRecord) => eventSize(envelope, [record]) <= options.payloadLimit;

  async function runSession(): Promise<void> {
    stopping.addEventListener('abort', wake);
    try {
      const member = await joinGroup({
        brokers: options.brokers,
        clientId: options.clientId,
        groupId: mapping.consumerGroupId,
        topics: mapping.topics,
        startingPosition: mapping.startingPosition,
        sessionTimeoutMs: options.sessionTimeoutMs,
        log,
        onChange(lost) {
          for (const source of lost) {
            queue.drop(source);
          }
          wake();
        },
        onFatal: fail,
      });
      const fetching = fetchLoop(member).catch(fail);
      try {
        await workLoop(member);
      } finally {
        ended = true;
        wake();
        await member.close();
        await fetching;
      }
      if (fatal !== undefined) {
        throw fatal;
      }
    } finally {
      stopping.removeEventListener('abort', wake);
    }
  }

  async function fetchLoop(member: GroupMember): Promise<void> {
    let failures = 0;
    while (!isOver()) {
      if (queue.isFull() || ![...member.leases.values()].some(({ next }) => next !== undefined)) {
        await changed.wait();
        continue;
      }
      try {
        const fetched = await member.fetch();
        failures = 0;
        for (const { records } of fetched) {
          queue.push(records, Date.now());
          counters.polled += records.length;
          counters.polledBytes += records.reduce((bytes, { json }) => bytes + json.length, 0);
        }
        if (fetched.length > 0) {
          changed.notify();
        }
      } catch (error) {
        if (isOver()) {
          return;
        }
        failures += 1;
        counters.errors.polling += 1;
        if (failures % 10 === 1) {
          log.warn('fetch failed', { failures, ...errorFields(error) });
        }
        if (failures >= failedFetchesBeforeRejoin) {
          throw error;
        }
        await interrupted.wait(Math.min(1000, 50 * failures));
      }
    }
  }

  async function workLoop(member: GroupMember): Promise<void> {
    while (!isOver()) {
      const due = queue.dueIn(Date.now());
      if (due !== 0) {
        await changed.wait(due);
        continue;
      }
      const records = queue.cut();
      changed.notify();
      counters.inFlight += records.length;
      try {
        await settle(member, records);
      } finally {
        counters.inFlight -= records.length;
      }
    }
  }

  /** Brings a batch to its end and commits it; leaves it when the poller is to stop. */
  async function settle(member: GroupMember, records: readonly SourceRecord[]): Promise<void> {
    const began = Date.now();
    const leases = new Map(records.map(({ source }) => [source, member.leases.get(source)]));
    const isOwned = ({ source }: SourceRecord) => {
      const lease = leases.get(source);
      return lease !== undefined && member.leases.get(source) === lease;
    };
    let plan = planOf(records);
    for (;;) {
      plan = keep(plan, isOwned);
      const step = nextStep(plan, mapping, Date.now(), fits);
      if (step.kind === 'settled') {
        break;
      }
      if (isOver()) {
        log.info('batch left', { records: pending(plan), sources: ranges(records) });
        return;
      }
      if (step.kind === 'discard') {
        plan = await discard(plan, step, isOwned);
      } else if (await waitFor(step.segment, isOwned)) {
        plan = await attempt(plan, step.segment);
      }
    }
    const last = lastOffsets(records);
    const done = [...leases.values()].filter((lease) => lease !== undefined);
    await commit(member, done, last, firstOffsets(records));
    counters.batches += 1;
    log.debug('batch done', { records: records.length, ms: Date.now() - began, sources: ranges(records) });
  }

  /** Waits before a further attempt; false when something has changed that the plan must know of first. */
  async function waitFor(segment: Segment, isOwned: (record: SourceRecord) => boolean): Promise<boolean> {
    const until = Date.now() + backoffMs(backoff, segment.waits);
    for (let left = until - Date.now(); left > 0; left = until - Date.now()) {
      await interrupted.wait(left);
      if (isOver() || !segment.records.every(isOwned)) {
        return false;
      }
    }
    return true;
  }

  async function attempt(plan: Plan, segment: Segment): Promise<Plan> {
    const began = Date.now();
    const result = await options.invoke(mapping.functionArn, eventBody(envelope, segment.records), grace);
    const verdict = interpret(result, segment.records, mapping);
    counters.invocations += 1;
    count(verdict, segment);
    if (verdict.kind !== 'done') {
      log.info(verdict.kind, {
        ...('reason' in verdict ? { reason: verdict.reason } : {}),
        records: segment.records.length,
        again: verdict.kind === 'retry-records' ? verdict.records.length : segment.records.length,
        failures: segment.failures,
        waits: segment.waits,
        ms: Date.now() - began,
        sources: ranges(segment.records),
      });
    }
    return afterInvocation(plan, verdict, {
      response: 'response' in result ? result.response : segment.response,
      requestId: 'requestId' in result ? result.requestId : segment.requestId,
    });
  }

  function count(verdict: Verdict, segment: Segment): void {
    counters.invoked += segment.records.length;
    counters.failed +=
      verdict.kind === 'done' ? 0 : verdict.kind === 'retry-records' ? verdict.records.length : segment.records.length;
    if (verdict.kind !== 'done' && verdict.kind !== 'retry-records') counters.errors.invoke += 1;
    if (verdict.kind === 'done') {
      counters.records += segment.records.length;
    } else if (verdict.kind === 'retry-records') {
      counters.records += segment.records.length - verdict.records.length;
      counters.retries += 1;
    } else if (verdict.kind === 'retry-whole') {
      counters.retries += 1;
    } else if (verdict.kind === 'bisect') {
      counters.bisects += 1;
    } else if (verdict.kind === 'again') {
      counters.notInvoked += 1;
    }
  }

  /** Gives records up; a write that fails is tried again for as long as it takes, so that nothing is lost. */
  async function discard(
    plan: Plan,
    { segment, condition }: Extract<Step, { kind: 'discard' }>,
    isOwned: (record: SourceRecord) => boolean,
  ): Promise<Plan> {
    const fields = { condition, records: segment.records.length, sources: ranges(segment.records) };
    const bucket = mapping.destinationBucket;
    if (bucket === null) {
      counters.dropped += segment.records.length;
      log.error('records dropped', fields);
    } else {
      const batch = {
        mappingUuid: mapping.uuid,
        functionArn: mapping.functionArn,
        envelope,
        segment,
        condition,
        at: new Date(),
      };
      for (let failures = 0; ; ) {
        try {
          const key = await options.writeDiscarded(bucket, batch);
          counters.delivered += segment.records.length;
          log.error('records discarded', { ...fields, key });
          break;
        } catch (error) {
          failures += 1;
          counters.errors.destination += 1;
          log.error('destination not written', { ...fields, failures, ...errorFields(error) });
        }
        if (!(await waitFor({ ...segment, waits: failures }, isOwned))) {
          return plan;
        }
      }
    }
    counters.records += segment.records.length;
    counters.exhausted += segment.records.length;
    return afterDiscard(plan, segment.records);
  }

  /** Commits until it is confirmed; what was lost meanwhile is the new owner's to commit. */
  async function commit(
    member: GroupMember,
    leases: readonly Lease[],
    last: ReadonlyMap<string, number>,
    first: ReadonlyMap<string, number>,
  ): Promise<void> {
    for (let failures = 0; ; ) {
      const offsets: CommitOffset[] = leases
        .filter((lease) => member.leases.get(lease.source) === lease)
        .map((lease) => ({ lease, offset: doneUpTo(lease, last) }));
      if (offsets.length === 0) {
        return;
      }
      try {
        await member.commit(offsets);
        for (const { lease, offset } of offsets) {
          const before = counters.committed[lease.source] ?? first.get(lease.source) ?? Number(offset);
          counters.committedRecords += Math.max(0, Number(offset) - before);
          counters.committed[lease.source] = Number(offset);
        }
        return;
      } catch (error) {
        failures += 1;
        counters.errors.commit += 1;
        log.warn('commit failed', { failures, ...errorFields(error) });
        if (ended || (stopping.aborted && failures >= commitAttemptsWhenStopping)) {
          return;
        }
        await interrupted.wait(Math.min(1000, 50 * failures));
      }
    }
  }

  /** With nothing of the partition waiting, also what held no records (transaction markers) is done. */
  function doneUpTo(lease: Lease, last: ReadonlyMap<string, number>): bigint {
    const next = BigInt((last.get(lease.source) ?? -1) + 1);
    return queue.holds(lease.source) || lease.next === undefined ? next : lease.next;
  }

  return { run: runSession };
}

function pending(plan: Plan): number {
  return plan.segments.reduce((sum, { records }) => sum + records.length, 0);
}

function firstOffsets(records: readonly SourceRecord[]): Map<string, number> {
  return lastOffsets([...records].reverse());
}

function lastOffsets(records: readonly SourceRecord[]): Map<string, number> {
  return new Map(records.map(({ source, offset }) => [source, offset]));
}

/** Which offsets of which partitions: `<topic>-<partition>:<first>-<last>`. */
function ranges(records: readonly SourceRecord[]): string[] {
  const bySource = new Map<string, { readonly first: number; last: number }>();
  for (const { source, offset } of records) {
    const range = bySource.get(source);
    if (range === undefined) {
      bySource.set(source, { first: offset, last: offset });
    } else {
      range.last = offset;
    }
  }
  return [...bySource].map(([source, { first, last }]) => `${source}:${first}-${last}`);
}
