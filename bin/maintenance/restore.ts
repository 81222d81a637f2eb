import type { LambdaClient } from '@aws-sdk/client-lambda';
import pRetry from 'p-retry';
import { setMappings } from '../mappings.ts';
import type { Ask } from './ask.ts';

export interface RestoreOptions {
  readonly stage: string;
  /** The restore point: PostgreSQL is as it was then. */
  readonly to: string;
  /**
   * How long before it records are read again: a record that came before the restore point may have been taken after it.
   * Reading one twice changes nothing. Milliseconds.
   */
  readonly marginMillis: number;
}

/**
 * What follows a point-in-time restore of PostgreSQL: mappings are disabled, consumer groups set back to before the
 * restore point, mappings enabled, and a new generation of the index built, as the old one holds documents that
 * have no row any more. Each step may be done again.
 */
export async function afterRestore(
  ask: Ask,
  client: LambdaClient,
  { stage, to, marginMillis }: RestoreOptions,
  progress: (line: string) => void,
): Promise<{ readonly recordsAgain: number; readonly generation: number }> {
  const mappings = await setMappings(client, stage, false);
  progress(`${mappings} mappings disabled`);
  const from = new Date(Date.parse(to) - marginMillis).toISOString();
  // Members leave their groups a little after their mapping is disabled.
  const { topics } = await pRetry(() => ask({ action: 'set-back', to: from }), { retries: 10, minTimeout: 1_000 });
  const recordsAgain = Object.values(topics).reduce((sum, records) => sum + records, 0);
  progress(`groups set back to ${from}: ${recordsAgain} records to read again`);
  await setMappings(client, stage, true);
  progress(`${mappings} mappings enabled`);
  const generation = await rebuildAll(ask, progress);
  return { recordsAgain, generation };
}

/** Builds a new generation, call by call, until readers see it. */
export async function rebuildAll(ask: Ask, progress: (line: string) => void): Promise<number> {
  let answer = await ask({ action: 'rebuild', begin: true });
  let copied = answer.copied;
  let refused = answer.refused;
  while (answer.state === 'copying') {
    progress(`generation ${answer.generation}: ${Math.floor(answer.progress * 100)} % copied`);
    answer = await ask({ action: 'rebuild' });
    copied += answer.copied;
    refused += answer.refused;
  }
  progress(`generation ${answer.generation}: readers see it; ${copied} documents copied, ${refused} refused`);
  return answer.generation;
}
