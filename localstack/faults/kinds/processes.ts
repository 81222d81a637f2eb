import { setTimeout as sleep } from 'node:timers/promises';
import { signalTree } from '../../engines/process-tree.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';
import { atMoment, type Moment } from './moments.ts';

export const processFaults: readonly Fault[] = [
  killedAt(
    'function-killed-after-commit',
    'committed',
    'between commit and index: the commit is done, its answer not seen',
  ),
  killedAt('function-killed-before-index', 'bulk', 'when its bulk request is on its way'),
  killedAt('function-killed-after-index', 'bulk-answered', 'between index and response: the documents are written'),
  killedAt('function-killed-at-dead-letter', 'object', 'when a dead letter is on its way to S3'),
  {
    name: 'functions-killed-again-and-again',
    does: 'whatever function process works is killed, four times a second',
    seconds: { full: 8, short: 2 },
    random: true,
    begin: async (stage, hit) => {
      const ending = new AbortController();
      const killing = (async () => {
        while (!ending.signal.aborted) {
          if (await killFunctions(stage)) hit();
          await sleep(250, undefined, { signal: ending.signal }).catch(() => undefined);
        }
      })();
      return async () => {
        ending.abort();
        await killing;
      };
    },
  },
  {
    name: 'function-hangs-beyond-timeout',
    does: 'a function process stands still in the middle of a batch until its time is up and it is killed',
    seconds: { full: 42, short: 42 },
    random: false,
    begin: (stage, hit) => freezeFunctions(stage, hit),
  },
  {
    name: 'function-frozen',
    does: 'function processes stand still in the middle of a batch, and go on',
    seconds: { full: 8, short: 2 },
    random: true,
    begin: (stage, hit) => freezeFunctions(stage, hit),
  },
  {
    name: 'clock-ahead',
    does: "the functions' clock jumps an hour ahead: by it their time is up",
    seconds: { full: 5, short: 2 },
    random: true,
    begin: (stage, hit) => shiftedClock(stage, 3_600_000, hit),
  },
  {
    name: 'clock-behind',
    does: "the functions' clock jumps an hour back",
    seconds: { full: 5, short: 2 },
    random: true,
    begin: (stage, hit) => shiftedClock(stage, -3_600_000, hit),
  },
  {
    name: 'event-source-killed',
    does: 'the pollers die with their batches in flight; others take over',
    seconds: { full: 3, short: 1 },
    random: true,
    hold: 'event-source',
    begin: async ({ environment: { eventSource } }, hit) => {
      eventSource.kill();
      hit();
      return async () => undefined;
    },
  },
  {
    name: 'rebalance',
    does: 'a second set of pollers joins the groups in the middle of a batch, takes partitions over and is killed',
    seconds: { full: 12, short: 3 },
    random: true,
    hold: 'event-source',
    begin: async ({ environment }, hit) => {
      const second = environment.startSecondEventSource();
      hit();
      return async () => {
        second.kill();
        await second.exited;
      };
    },
  },
  {
    name: 'pollers-frozen-beyond-session',
    does: 'the pollers stand still until the groups have thrown them out, then go on with what they had',
    seconds: { full: 14, short: 12 },
    random: false,
    hold: 'event-source',
    begin: async ({ environment: { eventSource } }, hit) => {
      eventSource.pause();
      hit();
      return async () => eventSource.resume();
    },
  },
];

function killedAt(name: string, moment: Moment, when: string): Fault {
  return {
    name,
    does: `function processes are killed ${when}; the first three times`,
    seconds: { full: 5, short: 1 },
    random: true,
    begin: async (stage, hit) => {
      const disarm = atMoment(stage, moment, 3, async () => {
        if (await killFunctions(stage)) hit();
      });
      return disarm;
    },
  };
}

/** Kills the processes that are at work on an invocation, and says whether there were any. */
async function killFunctions(stage: Stage): Promise<boolean> {
  const busy = (await stage.groupFunctions().catch(() => [])).filter(({ busy }) => busy);
  for (const { pid } of busy) signalTree(pid, 'SIGKILL');
  return busy.length > 0;
}

async function freezeFunctions(stage: Stage, hit: () => void) {
  const frozen = new Set<number>();
  const disarm = atMoment(stage, 'commit', 1, async () => {
    for (const { pid, busy } of await stage.groupFunctions()) {
      if (!busy) continue;
      signalTree(pid, 'SIGSTOP');
      frozen.add(pid);
      hit();
    }
  });
  return async () => {
    await disarm();
    for (const pid of frozen) signalTree(pid, 'SIGCONT');
  };
}

async function shiftedClock(stage: Stage, millis: number, hit: () => void) {
  const before = await stage.shiftedClocks(millis);
  await stage.shiftClock(millis);
  let seen = before;
  const looking = setInterval(async () => {
    const now = await stage.shiftedClocks(millis).catch(() => seen);
    for (; seen < now; seen += 1) hit();
  }, 100);
  return async () => {
    clearInterval(looking);
    await stage.shiftClock(0);
  };
}
