import { chunkLimits } from '../../../functions/core/batch/chunk.ts';
import { processBatch } from '../../../functions/core/batch/process-batch.ts';
import type { DeadLetterStore } from '../../../functions/core/dead-letter/dead-letter.ts';
import type { SourceRecord } from '../../../functions/core/kafka/record.ts';
import { recordsOf } from '../../../functions/core/kafka/record.ts';
import type { Projection } from '../../../functions/core/ledger/projection.ts';
import { trialLedger } from '../../../functions/core/ledger/trial-ledger.ts';
import { decodeRecords } from '../../../functions/core/middleware/decode.ts';
import { upcastEntry } from '../../../functions/core/middleware/upcast.ts';
import { validateEntry } from '../../../functions/core/middleware/validate.ts';
import { postgresDeadLetters } from '../../../functions/operations/dead-letters/dead-letter-table.ts';
import type { GroupFunctions } from '../../../functions/operations/dead-letters/group-functions.ts';
import type { Stores } from '../../../functions/operations/dead-letters/operations.ts';
import { eventRecord } from '../../../functions/operations/dead-letters/plan.ts';
import type { Database } from './database.ts';

const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;
const bucket = 'dead-letters-of-tests';

/** The groups' functions and the dead letters' stores on a real database; bucket and index are in memory. */
export function openOperations(database: Database, projections: readonly Projection[] = []) {
  const objects = new Map<string, string>();
  const invocations: number[] = [];
  const deadLetters: DeadLetterStore = {
    bucket,
    async put(objectKey, envelope) {
      objects.set(objectKey, JSON.stringify(envelope));
    },
  };
  const functions: GroupFunctions = {
    async invoke(group, event) {
      invocations.push(recordsOf(event).length);
      const entries = decodeRecords(event).map((entry) => validateEntry(upcastEntry(entry), { authority }));
      const index = { write: async (writes: readonly unknown[]) => writes.map(() => ({ kind: 'indexed' }) as const) };
      const { response } = await processBatch(
        entries,
        { ledger: database.ledger(projections), index, deadLetters },
        {
          group,
          projections,
          ...chunkLimits,
          deadLetterConcurrency: 4,
          remainingMillis: () => 60_000,
          reserveMillis: 1_000,
        },
      );
      return new Set(
        response.batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`),
      );
    },
  };
  const stores: Stores = {
    table: postgresDeadLetters(database.pool),
    originals: {
      read: async (objectKey) => objects.get(objectKey) ?? null,
      async *list(prefix) {
        for (const objectKey of objects.keys()) if (objectKey.startsWith(prefix)) yield [objectKey];
      },
    },
    functions,
    trial: () => trialLedger(database.pool),
    authority,
    healthy: async () => true,
    hasTime: () => true,
    bucket,
  };
  return {
    stores,
    objects,
    /** Sizes of the invocations so far. */
    invocations,
    /** Records as a mapping brings them, all in one batch. */
    consume: (records: readonly SourceRecord[], group = 'learning') =>
      functions.invoke(group, {
        eventSource: 'aws:kafka',
        eventSourceArn: records[0]?.cluster ?? '',
        bootstrapServers: '',
        records: Object.fromEntries(
          [...Map.groupBy(records, ({ topic, partition }) => `${topic}-${partition}`)].map(([name, list]) => [
            name,
            list.map(eventRecord),
          ]),
        ),
      }),
  };
}

let offsets = 0;

/** A record that holds a value as JSON text. */
export function record(value: unknown, changes: Partial<SourceRecord> = {}): SourceRecord {
  return {
    cluster: 'arn:aws:kafka:us-east-1:000000000000:cluster/test/1',
    topic: 'xapi-events',
    partition: 0,
    offset: offsets++,
    timestamp: 1_770_000_000_123,
    timestampType: 'CREATE_TIME',
    key: Buffer.from([0, 255]),
    value: Buffer.from(JSON.stringify(value)),
    headers: [{ name: 'h', value: Buffer.from([200]) }],
    ...changes,
  };
}
