import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentDescription } from '../environment.ts';
import { type AuditTable, openAudit } from './audit.ts';

/** Waits until every message in Kafka is accounted for, seen by an accounting that begins anew; at most five minutes by default. */
export async function settled(
  { endpoints, stage, cluster }: Pick<EnvironmentDescription, 'endpoints' | 'stage' | 'cluster'>,
  seconds = 300,
): Promise<AuditTable> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const audit = await openAudit({ ...endpoints, stage, cluster });
    try {
      for (;;) {
        const table = await audit.refresh();
        if (table.complete || Date.now() > deadline) return table;
        // What was looked up while rows were still on their way back is looked up again.
        if (table.topics.every(({ lag }) => lag === 0)) break;
        await sleep(500);
      }
    } finally {
      await audit.close();
    }
    await sleep(500);
  }
}
