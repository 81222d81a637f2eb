import type pg from 'pg';
import { execute } from '../../core/ledger/transaction.ts';
import type { MaintenanceStores } from './stores.ts';

/** The generation in a state that only one can have. @throws Error if none is live: provisioning has not run. */
export async function generationIn(pool: pg.Pool, state: 'live'): Promise<number> {
  const { rows } = await execute<{ generation: number }>(
    pool,
    'select generation from index_generation where state = $1',
    [state],
  );
  const generation = rows[0]?.generation;
  if (generation === undefined) throw new Error('No generation of the index is live: run the deployment');
  return generation;
}

/** Every generation that still has indexes. */
export async function existingGenerations(pool: pg.Pool): Promise<number[]> {
  const { rows } = await execute<{ generation: number }>(
    pool,
    `select generation from index_generation where state <> 'retired' order by generation`,
    [],
  );
  return rows.map(({ generation }) => generation);
}

/** Deletes generations that nobody reads, once no function can still write to them; returns how many. */
export async function retireGenerations({ pool, admin, longestFunctionMillis }: MaintenanceStores): Promise<number> {
  const { rows } = await execute<{ generation: number }>(
    pool,
    `select generation from index_generation where state = 'retiring' and changed < now() - $1 * interval '1 ms'`,
    [longestFunctionMillis],
  );
  for (const { generation } of rows) {
    await admin.drop(generation);
    await execute(pool, `update index_generation set state = 'retired', changed = now() where generation = $1`, [
      generation,
    ]);
  }
  return rows.length;
}
