import { createHash } from 'node:crypto';
import { z } from 'zod';
import { search as ask } from '../search/ask.ts';
import type { ReadingStores } from '../stores.ts';

/** How far the index is. Equal states are equal values. */
export interface Freshness {
  /** Stored time of the newest statement that readers of the index see; ISO 8601, UTC; null if there is none. */
  readonly newest_indexed: string | null;
  /** Seconds that the newest statement of the ledger is ahead of it; 0 when the index has caught up. */
  readonly lag_seconds: number;
  /** Opaque; another one whenever something that numbers are made of has changed. */
  readonly watermark: string;
}

/** Both are absent while there is no index. */
const answer = z.object({
  stored: z.object({ count: z.number(), max: z.number().nullable() }).default({ count: 0, max: null }),
  versions: z.object({ value: z.number() }).default({ value: 0 }),
});

/**
 * One aggregation that OpenSearch keeps between refreshes, and one look at the end of an index of the ledger.
 * @throws what the stores reject with.
 */
export async function freshness({ pool, search }: Pick<ReadingStores, 'pool' | 'search'>): Promise<Freshness> {
  const { aggregations } = await ask(search, {
    size: 0,
    aggs: {
      stored: { stats: { field: 'stored' } },
      // A voided statement, or one whose person was joined to another, is the same document with a higher version.
      versions: { sum: { field: 'version' } },
    },
  });
  const { stored, versions } = answer.parse(aggregations);
  const { rows } = await pool.query<{ newest: Date | null }>(
    'select stored as newest from statement where erased_at is null order by stored desc, id desc limit 1',
  );
  const ledger = rows[0]?.newest?.getTime() ?? null;
  const lag = ledger === null ? 0 : ledger - (stored.max ?? ledger);
  return {
    newest_indexed: stored.max === null ? null : new Date(stored.max).toISOString(),
    lag_seconds: Math.max(0, Math.round(lag) / 1_000),
    watermark: createHash('sha256')
      .update(JSON.stringify([stored.max, versions.value, stored.count]))
      .digest('base64url')
      .slice(0, 22),
  };
}
