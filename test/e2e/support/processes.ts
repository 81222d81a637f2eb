import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { getJson } from '../../../localstack/engines/http-json.ts';
import { signalTree } from '../../../localstack/engines/process-tree.ts';
import { type EnvironmentDescription, eventSourcePidFile } from '../../../localstack/environment.ts';

/** Process id of the Kafka event source that runs now. */
export async function eventSourcePid({ runDirectory }: EnvironmentDescription): Promise<number> {
  return Number(await readFile(join(runDirectory, eventSourcePidFile), 'utf8'));
}

/** Runs work while the event source stands still, so that messages gather in Kafka. */
export async function withEventSourceHeld(
  environment: EnvironmentDescription,
  work: () => Promise<void>,
): Promise<void> {
  const pid = await eventSourcePid(environment);
  process.kill(-pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(-pid, 'SIGCONT');
  }
}

const functionProcesses = z.array(z.object({ functionName: z.string(), pid: z.number(), busy: z.boolean() }));

/** Processes that run the deployed functions now. */
export async function functionPids({ endpoints }: EnvironmentDescription, name: RegExp): Promise<number[]> {
  return functionProcesses
    .parse(await getJson(`${endpoints.aws}/_nlj/functions`))
    .filter(({ functionName }) => name.test(functionName))
    .map(({ pid }) => pid);
}

/** Runs work while a server stands still: connections stay open, nothing is answered. */
export async function withServerFrozen(
  { pids }: EnvironmentDescription,
  server: keyof EnvironmentDescription['pids'],
  work: () => Promise<void>,
): Promise<void> {
  signalTree(pids[server], 'SIGSTOP');
  try {
    await work();
  } finally {
    signalTree(pids[server], 'SIGCONT');
  }
}
