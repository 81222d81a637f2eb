import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type {
  ExportData,
  ExportDataType,
  ExportFailure,
  ExportFormat,
  ExportRequest,
  ExportState,
} from './contract.ts';
import type { ExportFiles } from './files.ts';
import { keptDays, linkSeconds, mostAttempts, patienceMillis } from './job.ts';

/** What exports are asked for and read with. */
export interface ExportServices {
  /** PostgreSQL, as the application's user. */
  readonly pool: pg.Pool;
  readonly files: Pick<ExportFiles, 'link'>;
  /** Invokes the worker without waiting for it. Must not throw: what it is not told now, it is told when the job is read. */
  readonly invokeWorker: (id: string) => Promise<void>;
}

/** Path of an export in the API. */
export const exportAddress = (id: string): string => `/api/analytics/exports/${id}`;

/** Begins an export. Its file is made by the worker: ask `readExport` for it. */
export async function createExport(services: ExportServices, request: ExportRequest): Promise<ExportData> {
  const { format, dataType, since, until } = request;
  const { rows } = await services.pool.query<JobRow>(
    `insert into export_job (id, format, data_type, since, until) values ($1, $2, $3, $4, $5) returning ${jobColumns}`,
    [randomUUID(), format, dataType, since ?? null, until ?? null],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('The job was inserted and not returned');
  await services.invokeWorker(row.id);
  return dataOf(row, null);
}

/**
 * The state of an export, or null where there is none under the id. A finished one has a link, signed for this answer. One
 * that nobody works on any more is given to a worker again, or given up.
 */
export async function readExport(services: ExportServices, id: string): Promise<ExportData | null> {
  const { pool, files } = services;
  const { rows } = await pool.query<JobRow>(`select ${jobColumns} from export_job where id = $1`, [id]);
  const row = rows[0];
  if (row === undefined) return null;
  if (row.stalled) return takeUp(services, row);
  if (row.object_key === null || row.outlived) return dataOf(row, null);
  return dataOf(row, {
    url: await files.link(row.object_key, `${row.data_type}-${row.id}.${row.format}`),
    expires: new Date(Date.now() + linkSeconds * 1_000).toISOString(),
  });
}

/** Invokes the worker again, unless somebody else just did; after the last attempt the job is failed. */
async function takeUp({ pool, invokeWorker }: ExportServices, row: JobRow): Promise<ExportData> {
  const { rows } = await pool.query<JobRow>(takeUpSql, [row.id]);
  const taken = rows[0];
  if (taken === undefined) return dataOf(row, null);
  if (taken.state !== 'failed') await invokeWorker(row.id);
  return dataOf(taken, null);
}

const stalled = `
  state in ('requested', 'running') and coalesce(lease_until < now(), true)
  and invoked_at < now() - interval '${patienceMillis} ms'`;

const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`;

const jobColumns = `
  id, format, data_type, ${utc('since')}, ${utc('until')}, state, failure, ${utc('requested_at')}, ${utc('finished_at')},
  object_key, row_count::double precision as row_count, byte_count::double precision as byte_count,
  (${stalled}) as stalled, coalesce(finished_at < now() - interval '${keptDays} days', false) as outlived`;

const takeUpSql = `
  update export_job
     set invoked_at = now(), lease_until = null,
         state = case when attempts >= ${mostAttempts} then 'failed' else 'requested' end,
         failure = case when attempts >= ${mostAttempts} then 'interrupted' end,
         finished_at = case when attempts >= ${mostAttempts} then now() end
   where id = $1 and ${stalled}
  returning ${jobColumns}`;

interface JobRow {
  readonly id: string;
  readonly format: ExportFormat;
  readonly data_type: ExportDataType;
  readonly since: string | null;
  readonly until: string | null;
  readonly state: ExportState;
  readonly failure: ExportFailure | null;
  readonly requested_at: string;
  readonly finished_at: string | null;
  readonly object_key: string | null;
  readonly row_count: number | null;
  readonly byte_count: number | null;
  readonly stalled: boolean;
  /** The bucket has deleted the file by now, or may at any moment. */
  readonly outlived: boolean;
}

function dataOf(row: JobRow, link: { readonly url: string; readonly expires: string } | null): ExportData {
  const { id, format, data_type, since, until, failure, requested_at, finished_at } = row;
  return {
    id,
    address: exportAddress(id),
    format,
    data_type,
    since,
    until,
    state: row.state === 'finished' && row.outlived ? 'expired' : row.state,
    failure,
    requested_at,
    finished_at,
    rows: row.row_count,
    bytes: row.byte_count,
    url: link?.url ?? null,
    url_expires_at: link?.expires ?? null,
  };
}
