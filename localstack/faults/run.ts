import { setTimeout as sleep } from 'node:timers/promises';
import type { Check, Expectation } from '../audit/check.ts';
import type { KafkaRecord } from '../audit/kafka-records.ts';
import type { OutgoingMessage } from '../workload/message.ts';
import { openSender } from '../workload/send.ts';
import { faultNamed } from './catalogue.ts';
import type { Fault } from './fault.ts';
import type { Observer } from './observer.ts';
import type { PlannedFault, Schedule } from './schedule.ts';
import type { Stage } from './stage.ts';
import { identityOf, type Workload, workloadOf } from './workload.ts';

export interface Runner {
  readonly stage: Stage;
  readonly observer: Observer;
  /** Workloads of all runs so far, for the check of everything at the end. */
  readonly sent: Workload[];
}

export interface RunOptions {
  /** Whether a fault that has not taken effect is waited for, and is a violation if it never does. */
  readonly mustHit: boolean;
  /** Ids of a repetition. */
  readonly idSpace?: string;
}

/** What one run showed. */
export interface RunResult extends Check {
  /** How often the faults took effect. */
  readonly hits: number;
  /** Seconds from the last mend until everything was committed. */
  readonly recovery: number;
}

/** Parts in which records are sent, spread over the time that the faults take. */
const parts = 10;
const shortestSpread = 1_000;

/** How long a fault may take to have an effect, and a run to settle after its end. Seconds. */
const hitSeconds = 60;
const settleSeconds = 180;

/** Records that are sent while a fault has not struck yet, and the pause after each. */
const extraRecords = 300;
const extraMillis = 250;

/** Records that a fault of records brings with it. */
const ownRecords = 100;

/** Plays a schedule and checks its records. */
export async function runSchedule(runner: Runner, schedule: Schedule, options: RunOptions): Promise<RunResult> {
  const { stage, observer, sent } = runner;
  const planned = schedule.faults.map((plan) => ({ plan, fault: faultNamed(plan.name) }));
  const workloads = workloadsOf(schedule, planned, options.idSpace);
  const extra = workloadOf({ seed: schedule.seed, count: extraRecords, idSpace: `${options.idSpace ?? ''}/extra` });
  sent.push(...workloads, extra);
  const messages = workloads.flatMap((workload) => workload.messages);
  const from = await observer.ends();
  const held = planned.some(({ fault }) => fault.held === true);
  const last = Math.max(shortestSpread, ...schedule.faults.map(({ at, lasts }) => at + lasts));
  const { eventSource } = stage.environment;

  const violations: string[] = [];
  if (held) eventSource.pause();
  const sending = sendSpread(stage, messages, held ? 0 : last);
  const turns = new Map<string, Promise<unknown>>();
  if (held) {
    await sending;
    eventSource.resume();
  }
  const playing = planned.map(async ({ plan, fault }) => {
    await sleep(plan.at);
    const count = await inTurn(turns, fault.hold, () => play(stage, fault, plan, options.mustHit));
    if (options.mustHit && count === 0) violations.push(`${fault.name} had no effect`);
    return count;
  });
  const enough = new AbortController();
  const goingOn = sending.then(() => sendUntil(stage, extra.messages, enough.signal));
  const hits = await Promise.all(playing).finally(() => enough.abort());
  const mended = performance.now();
  await goingOn;
  const unsettled = await observer.settled(settleSeconds);
  if (unsettled !== null) violations.push(unsettled);
  const recovery = (performance.now() - mended) / 1_000;
  const check = await observer.check(from, expectationOf([...workloads, extra]));
  return {
    ...check,
    violations: [...violations, ...check.violations],
    hits: hits.reduce((sum, count) => sum + count, 0),
    recovery,
  };
}

/** What must become of a record of any of the workloads. */
export function expectationOf(workloads: readonly Workload[]): (record: KafkaRecord) => Expectation {
  const expected = new Map(workloads.flatMap((workload) => [...workload.expected]));
  return (record) => {
    const found = expected.get(identityOf(record));
    if (found === undefined) throw new Error(`A record of ${record.topic} is none of what was sent`);
    return found;
  };
}

function workloadsOf(
  { seed, records }: Schedule,
  planned: readonly { readonly fault: Fault }[],
  idSpace = '',
): Workload[] {
  const own = planned.flatMap(({ fault: { shape } }) =>
    shape === undefined ? [] : [workloadOf({ seed, count: ownRecords, shape, idSpace: `${idSpace}/${shape}` })],
  );
  return [workloadOf({ seed, count: records, idSpace }), ...own];
}

/** Begins a fault, lets it last, and mends it whatever happens. Returns how often it took effect. */
async function play(stage: Stage, fault: Fault, { lasts }: PlannedFault, mustHit: boolean): Promise<number> {
  let hits = 0;
  const struck = Promise.withResolvers<void>();
  const mend = await fault.begin(stage, () => {
    hits += 1;
    struck.resolve();
  });
  try {
    await sleep(lasts);
    if (mustHit) await Promise.race([struck.promise, sleep(hitSeconds * 1_000)]);
  } finally {
    await mend();
  }
  return hits;
}

/** Sends in parts over some milliseconds. */
async function sendSpread(stage: Stage, messages: readonly OutgoingMessage[], millis: number): Promise<void> {
  const size = Math.max(1, Math.ceil(messages.length / parts));
  for (let from = 0; from < messages.length; from += size) {
    await sendSurely(stage, messages.slice(from, from + size));
    if (millis > 0) await sleep(millis / parts);
  }
}

/** Sends one message after the other, so that what waits for a batch does not wait in vain. */
async function sendUntil(stage: Stage, messages: readonly OutgoingMessage[], signal: AbortSignal): Promise<void> {
  for (const message of messages) {
    if (signal.aborted) return;
    await sendSurely(stage, [message]);
    await sleep(extraMillis, undefined, { signal }).catch(() => undefined);
  }
}

/** Does work when all work before it with the same thing is done. */
function inTurn<T>(
  turns: Map<string, Promise<unknown>>,
  thing: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (thing === undefined) return work();
  const mine = (turns.get(thing) ?? Promise.resolve()).then(work);
  turns.set(
    thing,
    mine.catch(() => undefined),
  );
  return mine;
}

/** Sends until the broker has taken all, as producers do; what is then in Kafka twice is a repetition like any other. */
async function sendSurely({ environment }: Stage, messages: readonly OutgoingMessage[]): Promise<void> {
  for (let failures = 0; ; failures += 1) {
    const sender = openSender(environment.description.endpoints.kafka);
    try {
      await sender.send(messages);
      return;
    } catch (error) {
      if (failures > 60) throw error;
      await sleep(500);
    } finally {
      await sender.close();
    }
  }
}
