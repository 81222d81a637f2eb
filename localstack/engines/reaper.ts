import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReaperMessage } from './reaper-message.ts';

/** Ends process groups and removes folders after this process has ended for whatever reason, SIGKILL included. */
export interface Reaper {
  readonly pid: number;
  /** Resolves once signals do not end it any more. */
  readonly ready: Promise<void>;
  /** Takes responsibility for a process group. */
  addGroup(group: number): void;
  removeGroup(group: number): void;
  /** Takes responsibility for a folder, given by its absolute path. */
  addDirectory(directory: string): void;
  removeDirectory(directory: string): void;
  /** Has it clean up what it is still responsible for, now; resolves when it is done. */
  close(): Promise<void>;
}

/**
 * Starts a small process that holds the other end of a pipe. The system closes the pipe when this process ends, which
 * is the one notice of an ending that cannot be missed. It runs in a session of its own: Ctrl-C does not reach it.
 */
export function startReaper(): Reaper {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./reaper-main.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    env: {},
  });
  const { pid, stdin, stdout } = child;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  if (pid === undefined) throw new Error(`The process that cleans up cannot be started: ${process.execPath}`);
  // Without it this process can still stop everything itself; it must not fail over a lost pipe.
  stdin.on('error', () => {});
  child.unref();
  unrefIfPossible(stdin);
  const ready = new Promise<void>((resolve) => {
    stdout.once('data', () => resolve());
  });
  unrefIfPossible(stdout);
  const tell = (message: ReaperMessage) => {
    if (stdin.writable) stdin.write(`${JSON.stringify(message)}\n`);
  };
  return {
    pid,
    ready,
    addGroup: (group) => tell({ action: 'add', group }),
    removeGroup: (group) => tell({ action: 'remove', group }),
    addDirectory(directory) {
      if (!isAbsolute(directory)) throw new Error(`Not an absolute path: ${directory}`);
      tell({ action: 'add', directory });
    },
    removeDirectory: (directory) => tell({ action: 'remove', directory }),
    close() {
      child.ref();
      stdin.end();
      return ended;
    },
  };
}

/** The pipe of a child is a socket, which its type does not say. It must not keep this process alive. */
function unrefIfPossible(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}
