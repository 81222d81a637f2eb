import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcess, Exit } from './process.ts';

export interface ReadinessOptions {
  /** Resolves to true once the process serves; false and rejection both mean "not yet". */
  readonly check: () => Promise<boolean>;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/** Waits until a process serves. @throws Error with the end of its log if it ends first or takes too long. */
export async function untilReady(
  child: ChildProcess,
  { check, timeoutMs, intervalMs = 100 }: ReadinessOptions,
): Promise<void> {
  let exit: Exit | undefined;
  const ended = child.exited.then((value) => {
    exit = value;
  });
  const deadline = Date.now() + timeoutMs;
  let reason = 'it answered that it is not';
  for (;;) {
    const asked = check().catch((error: unknown) => {
      reason = error instanceof Error ? error.message : String(error);
      return false;
    });
    const ready = await Promise.race([asked, ended.then(() => false)]);
    if (exit !== undefined) throw failure(child, `ended (${describeExit(exit)}) before it was ready`);
    if (ready) return;
    if (Date.now() > deadline) throw failure(child, `was not ready after ${timeoutMs / 1000} s (${reason})`);
    await Promise.race([sleep(intervalMs), ended]);
  }
}

/** `code 1` or `SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  return signal ?? `code ${code ?? 'unknown'}`;
}

/** The last lines of a file; none if it cannot be read. */
export function lastLines(file: string, count: number): string[] {
  const limit = 16_384;
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const buffer = Buffer.alloc(Math.min(size, limit));
      readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
      const lines = buffer.toString('utf8').split('\n');
      return lines.filter((line) => line.trim() !== '').slice(-count);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return [];
  }
}

function failure({ name, logFile }: ChildProcess, what: string): Error {
  const lines = lastLines(logFile, 15).map((line) => `  ${line}`);
  return new Error([`${name} ${what}. The end of ${logFile}:`, ...lines].join('\n'));
}
