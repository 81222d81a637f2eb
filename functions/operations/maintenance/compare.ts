import { writtenGenerations } from '../../core/ledger/postgres-ledger.ts';
import { execute } from '../../core/ledger/transaction.ts';
import type { HourSum, StoredRange } from '../../core/search/index-admin.ts';
import { pageSize, rowsOf, writeAndConfirm } from './documents.ts';
import type { MaintenanceStores } from './stores.ts';

/** What a comparison of rows and documents found. */
export interface Differences {
  missing: number;
  outdated: number;
  orphaned: number;
  /** False where time was up. */
  complete: boolean;
}

/** A row counts here if its document has been confirmed: what is pending is due anyway, what is refused has none. */
const hoursSql = `
  select to_char(date_trunc('hour', stored at time zone 'UTC'), 'YYYY-MM-DD"T"HH24') as hour,
         count(*)::integer as documents, sum(document_version)::float8 as versions
    from statement
   where index_state = 'indexed' and stored >= $1 and stored < $2
   group by 1`;

const versionsSql = `
  select id, document_version::float8 as version
    from statement where index_state = 'indexed' and stored >= $1 and stored < $2`;

/**
 * Compares the rows of a range of stored time with a generation's documents, hour by hour, and id by id where the sums
 * differ; then writes what is missing or outdated to every generation, and removes what has no row.
 */
export async function compareAndMend(
  stores: MaintenanceStores,
  generation: number,
  range: StoredRange,
): Promise<Differences> {
  const { pool, admin, hasTime } = stores;
  const found: Differences = { missing: 0, outdated: 0, orphaned: 0, complete: true };
  await admin.refresh(generation);
  const documents = await admin.hours(generation, range);
  const { rows } = await execute<{ hour: string; documents: number; versions: number }>(pool, hoursSql, [
    range.from,
    range.before,
  ]);
  for (const hour of differing(new Map(rows.map(({ hour, ...sum }) => [hour, sum])), documents)) {
    if (!hasTime()) return { ...found, complete: false };
    await mendHour(stores, generation, hourRange(hour, range), found);
  }
  return found;
}

/** Hours whose sums are not the same on both sides, in order. */
export function differing(
  rows: ReadonlyMap<string, HourSum>,
  documents: ReadonlyMap<string, HourSum>,
): readonly string[] {
  const hours = new Set([...rows.keys(), ...documents.keys()]);
  return [...hours]
    .filter((hour) => {
      const [left, right] = [rows.get(hour), documents.get(hour)];
      return left?.documents !== right?.documents || left?.versions !== right?.versions;
    })
    .sort();
}

function hourRange(hour: string, { from, before }: StoredRange): StoredRange {
  const start = `${hour}:00:00.000Z`;
  const end = new Date(Date.parse(start) + 3_600_000).toISOString();
  return { from: start < from ? from : start, before: end > before ? before : end };
}

async function mendHour(
  stores: MaintenanceStores,
  generation: number,
  range: StoredRange,
  found: Differences,
): Promise<void> {
  const { pool, admin } = stores;
  const documents = await admin.versions(generation, range);
  const { rows } = await execute<{ id: string; version: number }>(pool, versionsSql, [range.from, range.before]);
  const due: string[] = [];
  for (const { id, version } of rows) {
    const known = documents.get(id);
    if (known === undefined) found.missing += 1;
    else if (known < version) found.outdated += 1;
    if (known === undefined || known < version) due.push(id);
  }
  for (let from = 0; from < due.length; from += pageSize) await write(stores, due.slice(from, from + pageSize));
  await removeOrphans(stores, generation, documents, range, found);
}

/** Marked as due first: should the writing fail, the rows say so. */
async function write(stores: MaintenanceStores, ids: readonly string[]): Promise<void> {
  await execute(
    stores.pool,
    `update statement set index_state = 'pending' where id = any($1::uuid[]) and index_state = 'indexed'`,
    [ids],
  );
  await writeAndConfirm(stores, await rowsOf(stores, ids), await writtenGenerations(stores.pool));
}

/** Documents whose row is gone or erased. A row of any other state has, or is due, a document. */
async function removeOrphans(
  { pool, admin }: MaintenanceStores,
  generation: number,
  documents: ReadonlyMap<string, number>,
  { from }: StoredRange,
  found: Differences,
): Promise<void> {
  const ids = [...documents.keys()];
  for (let start = 0; start < ids.length; start += pageSize) {
    const { rows } = await execute<{ id: string }>(
      pool,
      `select d.id from unnest($1::uuid[]) as d(id)
        where not exists (select 1 from statement s where s.id = d.id and s.erased_at is null)`,
      [ids.slice(start, start + pageSize)],
    );
    found.orphaned += await admin.remove(
      generation,
      rows.map(({ id }) => ({ id, stored: from, version: documents.get(id) ?? 0 })),
    );
  }
}
