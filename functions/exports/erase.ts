import type pg from 'pg';
import { execute } from '../core/ledger/transaction.ts';
import type { ExportFiles } from './files.ts';
import { exportPrefix } from './job.ts';
import { forgetFiles } from './lease.ts';

/** How many files an erasure would delete now. */
export async function countFiles(pool: pg.Pool): Promise<number> {
  const { rows } = await execute<{ count: number }>(
    pool,
    `select count(*)::integer as count from export_job where state = 'finished'`,
    [],
  );
  return rows[0]?.count ?? 0;
}

/**
 * Deletes every export file, as any may hold a person: finished exports are expired, and those under way are given back, to begin
 * anew on what the stores hold then, or to fail where it was their last attempt. Returns how many had been finished.
 */
export async function eraseFiles(pool: pg.Pool, files: Pick<ExportFiles, 'removeAllBut'>): Promise<number> {
  const forgotten = await forgetFiles(pool);
  await sweepFiles(pool, files);
  return forgotten;
}

/** Deletes files that belong to no finished or running attempt: what a worker left that was ended just after writing. */
export async function sweepFiles(pool: pg.Pool, files: Pick<ExportFiles, 'removeAllBut'>): Promise<void> {
  await files.removeAllBut(async () => {
    const { rows } = await execute<{ key: string }>(pool, ownedSql, []);
    return new Set(rows.map(({ key }) => key));
  });
}

const ownedSql = `
  select coalesce(object_key, '${exportPrefix}' || id || '/' || attempts || '.' || format) as key
    from export_job where state in ('running', 'finished')`;
