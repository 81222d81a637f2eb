import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { search as ask } from '../search/ask.ts';
import type { ReadingStores } from '../stores.ts';

export const healthData = z.strictObject({
  analytics_system: z.enum(['operational', 'degraded']),
  pipeline: z.strictObject({
    status: z.enum(['operational', 'degraded', 'unknown']).describe('Unknown while the database does not answer'),
    oldest_unindexed_seconds: z
      .number()
      .nonnegative()
      .nullable()
      .describe('Age of the oldest statement that is in the ledger and not in the index; null if there is none'),
    dead_letters_waiting: z.int().nonnegative().nullable(),
  }),
  search: z.strictObject({
    status: z.enum(['operational', 'degraded']),
    response_milliseconds: z.number().nonnegative().nullable().describe('Of a search; null if it did not answer'),
  }),
  database: z.strictObject({
    status: z.enum(['operational', 'degraded']),
    response_milliseconds: z.number().nonnegative().nullable().describe('Of a query; null if it did not answer'),
  }),
  checked_at: z.iso.datetime(),
});
export type HealthData = z.infer<typeof healthData>;

/** A part that has not answered after this time is degraded. */
const patienceMillis = 2_000;

/** A statement that waits longer for its document than the reconciler's next runs is more than a delay. */
const longestUnindexedSeconds = 600;

/** Every part as a real request finds it. Never rejects. */
export async function health({ pool, search, now }: ReadingStores): Promise<HealthData> {
  const [pipeline, index] = await Promise.all([
    timed(() => readPipeline(pool)),
    timed(() => ask(search, { size: 0, track_total_hits: false })),
  ]);
  const state = pipeline.answer;
  const oldest = state?.oldest_unindexed_seconds ?? null;
  const parts = {
    pipeline: {
      status:
        state === null
          ? ('unknown' as const)
          : oldest !== null && oldest > longestUnindexedSeconds
            ? ('degraded' as const)
            : ('operational' as const),
      oldest_unindexed_seconds: oldest,
      dead_letters_waiting: state?.dead_letters_waiting ?? null,
    },
    search: partOf(index),
    database: partOf(pipeline),
  };
  const operational = Object.values(parts).every(({ status }) => status === 'operational');
  return {
    analytics_system: operational ? 'operational' : 'degraded',
    ...parts,
    checked_at: now().toISOString(),
  };
}

interface Pipeline {
  readonly oldest_unindexed_seconds: number | null;
  readonly dead_letters_waiting: number;
}

async function readPipeline(pool: pg.Pool): Promise<Pipeline> {
  const { rows } = await pool.query<Pipeline>(
    `select (select greatest(0, extract(epoch from now() - min(stored)))::float8 from statement where index_state = 'pending')
              as oldest_unindexed_seconds,
            (select count(*)::int from dead_letter where state = 'waiting') as dead_letters_waiting`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('A query without a table answered no row');
  return row;
}

interface Timed<T> {
  readonly answer: T | null;
  readonly millis: number;
}

/** What a part answers in time, else null. */
async function timed<T>(ask: () => Promise<T>): Promise<Timed<T>> {
  const started = performance.now();
  const late = new AbortController();
  const answer = await Promise.race([
    ask().catch(() => null),
    sleep(patienceMillis, null, { signal: late.signal }).catch(() => null),
  ]);
  late.abort();
  return { answer, millis: Math.round(performance.now() - started) };
}

function partOf({ answer, millis }: Timed<unknown>) {
  return answer === null
    ? { status: 'degraded' as const, response_milliseconds: null }
    : { status: 'operational' as const, response_milliseconds: millis };
}
