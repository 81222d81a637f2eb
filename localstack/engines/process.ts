import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalAll, signalTree } from './process-tree.ts';
import type { Reaper } from './reaper.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process with a group of its own, whose output goes to a file. */
export interface ChildProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Asks the process to end, and kills it if it has not after the time (default 10 s). */
  stop(timeoutMs?: number): Promise<void>;
  /** Sends a signal to it and all its descendants, SIGKILL unless told. `exited` says when it took effect. */
  kill(signal?: NodeJS.Signals): void;
  /** Freezes it and all its descendants. */
  pause(): void;
  resume(): void;
}

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** User to run as, where this process may change it. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Output and errors are appended here; its folder is made if absent. */
  readonly logFile: string;
  /** Ends the group if this process dies first. */
  readonly reaper?: Reaper | undefined;
  /** What `stop` sends to the process itself. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals | undefined;
}

const defaultStopMs = 10_000;

/** Starts a process. @throws Error if the command cannot be run at all. */
export function spawnChild(options: ChildOptions): ChildProcess {
  const { name, command, args, env, cwd, uid, gid, logFile, reaper, stopSignal = 'SIGTERM' } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o640);
  const child = spawn(command, args, {
    cwd,
    env,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    // A new session: signals to the terminal's group do not reach it, and its group can be signalled as one.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const { pid } = child;
  // The reason of a failed start comes later, as an event; without a listener it would end this process.
  child.on('error', () => {});
  if (pid === undefined) throw new Error(`${name} cannot be started: ${command} does not run in ${cwd}`);
  reaper?.addGroup(pid);
  let running = true;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      // What the process started itself goes with it.
      signalAll([-pid], 'SIGKILL');
      reaper?.removeGroup(pid);
      resolve({ code, signal });
    });
  });
  const send = (signal: NodeJS.Signals) => {
    // The number may belong to another process once this one has ended.
    if (running) signalTree(pid, signal);
  };
  return {
    name,
    pid,
    logFile,
    exited,
    async stop(timeoutMs = defaultStopMs) {
      send('SIGCONT');
      if (running) child.kill(stopSignal);
      const late = new AbortController();
      const timer = sleep(timeoutMs, undefined, { signal: late.signal }).then(
        () => send('SIGKILL'),
        () => {},
      );
      await exited;
      late.abort();
      await timer;
    },
    kill: (signal = 'SIGKILL') => send(signal),
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
  };
}
