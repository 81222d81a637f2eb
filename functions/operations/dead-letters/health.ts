import type { Client } from '@opensearch-project/opensearch';
import type pg from 'pg';

/** Whether both stores answer and the index has all its primaries: light enough for a schedule. */
export async function storesHealthy(pool: pg.Pool, search: Client): Promise<boolean> {
  const [database, index] = await Promise.all([
    pool.query('select 1').then(
      () => true,
      () => false,
    ),
    search.cluster.health().then(
      ({ body }) => body.status !== 'red',
      () => false,
    ),
  ]);
  return database && index;
}
