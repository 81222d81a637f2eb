/**
 * The process behind `startReaper`: reads what it is responsible for, one JSON message a line, and cleans up when its
 * input ends. The input ends when the parent ends, however that happens.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { lives, signalAll, signalTree } from './process-tree.ts';
import { reaperMessageSchema } from './reaper-message.ts';

/** Time between SIGTERM and SIGKILL. Nothing that is reaped has data to save: its folder goes as well. */
const graceMs = 2_000;

const groups = new Set<number>();
const directories = new Set<string>();

// It has a session of its own, so Ctrl-C does not reach it; a signal sent to it by hand must not stop its work either.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.stdout.on('error', () => {});
process.stdout.write('ready\n');

for await (const line of createInterface({ input: process.stdin })) {
  const { action, group, directory } = reaperMessageSchema.parse(JSON.parse(line));
  if (group !== undefined) change(groups, action, group);
  if (directory !== undefined) change(directories, action, directory);
}
await endGroups();
for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });

function change<T>(set: Set<T>, action: 'add' | 'remove', item: T): void {
  if (action === 'add') set.add(item);
  else set.delete(item);
}

async function endGroups(): Promise<void> {
  // Once a process has ended its descendants cannot be told any more, so all are noted first.
  const found = [...groups].flatMap((group) => [-group, ...signalTree(group, 'SIGTERM')]);
  // A paused process takes its SIGTERM only once it runs again.
  signalAll(found, 'SIGCONT');
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline && found.some(lives)) await sleep(50);
  signalAll(found, 'SIGKILL');
  // The folders are in use until the system has taken the processes down; it may list them a little longer.
  await sleep(found.length > 0 ? 200 : 0);
}
