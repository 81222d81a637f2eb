import type pg from 'pg';
import { execute } from '../core/ledger/transaction.ts';
import type { ExportDataType, ExportFailure, ExportFormat } from './contract.ts';
import { type Attempt, leaseMillis, mostAttempts, objectKeyOf } from './job.ts';

/** What the file of a finished attempt holds. */
export interface Written {
  /** Header apart. */
  readonly rows: number;
  readonly bytes: number;
}

interface TakenRow {
  readonly id: string;
  readonly attempts: number;
  readonly format: ExportFormat;
  readonly data_type: ExportDataType;
  readonly since: Date | null;
  readonly until: Date | null;
}

/** Takes a job that nobody works on, as its next attempt; null where somebody does, where it is done, or where there is none. */
export async function takeJob(pool: pg.Pool, id: string): Promise<Attempt | null> {
  const { rows } = await execute<TakenRow>(
    pool,
    `update export_job
        set state = 'running', attempts = attempts + 1, lease_until = now() + interval '${leaseMillis} ms'
      where id = $1 and attempts < ${mostAttempts}
        and (state = 'requested' or (state = 'running' and lease_until < now()))
     returning id, attempts, format, data_type, since, until`,
    [id],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { attempts: attempt, format, data_type: dataType, since, until } = row;
  return { id: row.id, attempt, format, dataType, since: since ?? undefined, until: until ?? undefined };
}

const held = `id = $1 and attempts = $2 and state = 'running'`;

/** Says that the attempt goes on. False where it is no longer this worker's to finish. */
export async function renewLease(pool: pg.Pool, { id, attempt }: Attempt): Promise<boolean> {
  const { rowCount } = await execute(
    pool,
    `update export_job set lease_until = now() + interval '${leaseMillis} ms' where ${held}`,
    [id, attempt],
  );
  return rowCount === 1;
}

/** Finishes the job with the attempt's file. False where it is no longer this worker's to finish. */
export async function finishJob(pool: pg.Pool, attempt: Attempt, { rows, bytes }: Written): Promise<boolean> {
  const { rowCount } = await execute(
    pool,
    `update export_job
        set state = 'finished', finished_at = now(), lease_until = null, object_key = $3, row_count = $4, byte_count = $5
      where ${held}`,
    [attempt.id, attempt.attempt, objectKeyOf(attempt), rows, bytes],
  );
  return rowCount === 1;
}

/** Gives the job back, for another attempt where there is one left; else it is failed. */
export async function giveUpJob(pool: pg.Pool, { id, attempt }: Attempt, failure: ExportFailure): Promise<void> {
  const again = failure === 'interrupted' && attempt < mostAttempts;
  await execute(
    pool,
    `update export_job
        set state = $3, failure = $4, lease_until = null, finished_at = case when $3 = 'failed' then now() end
      where ${held}`,
    [id, attempt, again ? 'requested' : 'failed', again ? null : failure],
  );
}

/**
 * Forgets every file: finished jobs are expired, and what is being written can no longer be finished and is given back.
 * Returns how many files had been finished. The files themselves are the caller's to delete, afterwards.
 */
export async function forgetFiles(pool: pg.Pool): Promise<number> {
  const { rows } = await execute<{ was: string }>(
    pool,
    `with due as (select id, state from export_job where state in ('running', 'finished') order by id for update)
     update export_job j
        set state = case due.state when 'finished' then 'expired' else 'requested' end, object_key = null, lease_until = null
       from due where j.id = due.id
     returning due.state as was`,
    [],
  );
  return rows.filter(({ was }) => was === 'finished').length;
}
