import type pg from 'pg';
import { TransientError } from '../../core/errors.ts';
import { rowColumns, type StatementColumns, statementRow } from '../../core/ledger/postgres-statements.ts';
import type { StatementRow } from '../../core/ledger/row.ts';
import { execute, statementTransaction } from '../../core/ledger/transaction.ts';
import { mappingHash } from '../../core/search/index-template.ts';
import type { IndexOutcome } from '../../core/search/search-index.ts';
import type { AnswerTo } from './answer.ts';
import { compareAndMend } from './compare.ts';
import { pageSize, writeDocuments } from './documents.ts';
import { generationIn } from './generations.ts';
import type { RequestFor } from './request.ts';
import type { MaintenanceStores } from './stores.ts';

interface Building {
  readonly generation: number;
  readonly copied_to: string | null;
  readonly changed: Date;
}

const lowest = '00000000-0000-0000-0000-000000000000';

/**
 * Builds a new generation of the index from the ledger alone, as far as there is time, and lets readers see it when it
 * is whole. Each call goes on where the one before stopped, however that ended.
 */
export async function rebuild(
  { begin }: RequestFor<'rebuild'>,
  stores: MaintenanceStores,
): Promise<AnswerTo<'rebuild'>> {
  const { pool } = stores;
  const building = (await buildingGeneration(pool)) ?? (begin ? await beginGeneration(stores) : null);
  if (building === null) {
    return {
      action: 'rebuild',
      state: 'idle',
      generation: await generationIn(pool, 'live'),
      copied: 0,
      refused: 0,
      progress: 1,
    };
  }
  const { generation } = building;
  const { copied, refused, complete } = await copy(stores, building);
  if (complete && (await isWhole(stores, building))) {
    await switchTo(stores, generation);
    return { action: 'rebuild', state: 'switched', generation, copied, refused, progress: 1 };
  }
  return {
    action: 'rebuild',
    state: 'copying',
    generation,
    copied,
    refused,
    progress: await progressOf(pool, generation),
  };
}

async function buildingGeneration(pool: pg.Pool): Promise<Building | null> {
  const { rows } = await execute<Building & pg.QueryResultRow>(
    pool,
    `select generation, copied_to, changed from index_generation where state = 'building'`,
    [],
  );
  return rows[0] ?? null;
}

/**
 * The template first, so that no index of the generation is ever made without it; then the row, while no statement is
 * written: whoever writes later reads it, whoever wrote before is seen by the copy.
 */
export async function beginGeneration({ pool, admin }: Pick<MaintenanceStores, 'pool' | 'admin'>): Promise<Building> {
  const { rows } = await execute<{ next: number }>(
    pool,
    'select coalesce(max(generation), 0) + 1 as next from index_generation',
    [],
  );
  const next = rows[0]?.next ?? 1;
  await admin.putTemplate(next, false);
  await admin.createMonths(next, comingMonths());
  await statementTransaction(pool, 'alone', (client) =>
    client.query(
      `insert into index_generation (generation, state, mapping_hash) values ($1, 'building', $2) on conflict do nothing`,
      [next, mappingHash],
    ),
  );
  const building = await buildingGeneration(pool);
  if (building === null) throw new TransientError('Another run took the generation: call again');
  return building;
}

/** Stored times of this month and the next: an index that its first document makes cannot be searched for a moment. */
export function comingMonths(): string[] {
  const now = new Date();
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  return [now.toISOString(), next.toISOString()];
}

interface Copied {
  readonly copied: number;
  readonly refused: number;
  readonly complete: boolean;
}

async function copy(stores: MaintenanceStores, { generation, copied_to }: Building): Promise<Copied> {
  const { pool, hasTime } = stores;
  let after = copied_to ?? lowest;
  let copied = 0;
  let refused = 0;
  while (hasTime()) {
    const { rows } = await execute<StatementColumns>(
      pool,
      `select ${rowColumns} from statement s where s.id > $1 and s.erased_at is null order by s.id limit ${pageSize}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return { copied, refused, complete: true };
    refused += await copyPage(stores, rows.map(statementRow), generation);
    copied += rows.length;
    after = last.id;
    await execute(pool, 'update index_generation set copied_to = $2 where generation = $1', [generation, after]);
  }
  return { copied, refused, complete: false };
}

/** @throws TransientError if the index did not take the page. */
async function copyPage(stores: MaintenanceStores, rows: readonly StatementRow[], generation: number): Promise<number> {
  const outcomes = await writeDocuments(stores, rows, [generation]);
  const open = outcomes.filter(({ kind }) => kind === 'transient').length;
  if (open > 0) throw new TransientError(`The index did not take ${open} of ${rows.length} documents`);
  const refusals = outcomes.filter(({ kind }) => kind === 'refused').length;
  await execute(stores.pool, settleSql, [
    JSON.stringify(rows.map((row, position) => settlement(row, outcomes[position]))),
  ]);
  return refusals;
}

function settlement({ id, documentVersion }: StatementRow, outcome: IndexOutcome | undefined) {
  return { id, version: documentVersion, refusal: outcome?.kind === 'refused' ? outcome.reason : null };
}

/** What the new generation takes is refused no longer; what it refuses will be gone from the alias. Pending rows stay due. */
const settleSql = `
  update statement s
     set index_state = case when r.refusal is null then 'indexed' else 'refused' end, index_refusal = r.refusal
    from json_to_recordset($1::json) as r(id uuid, version bigint, refusal text)
   where s.id = r.id and s.document_version = r.version
     and s.index_state = case when r.refusal is null then 'refused' else 'indexed' end`;

/** Compares once more what was stored before the generation was begun: what is missing is written. */
async function isWhole(stores: MaintenanceStores, { generation, changed }: Building): Promise<boolean> {
  const range = { from: new Date(0).toISOString(), before: changed.toISOString() };
  for (let pass = 1; pass <= 3; pass += 1) {
    const { missing, outdated, orphaned, complete } = await compareAndMend(stores, generation, range);
    if (!complete) return false;
    if (missing + outdated + orphaned === 0) return true;
  }
  return false;
}

/**
 * The alias moves in one request, then the templates follow: from now on indexes of new months are born with it. The
 * row comes last: a call that died before does all of it again.
 */
async function switchTo({ pool, admin }: MaintenanceStores, generation: number): Promise<void> {
  const old = await generationIn(pool, 'live');
  await admin.createMonths(generation, comingMonths());
  await admin.moveAlias(generation);
  await admin.putTemplate(generation, true);
  await admin.putTemplate(old, false);
  await statementTransaction(pool, 'alone', async (client) => {
    await client.query(`update index_generation set state = 'retiring', changed = now() where state = 'live'`);
    await client.query(`update index_generation set state = 'live', changed = now() where generation = $1`, [
      generation,
    ]);
  });
}

async function progressOf(pool: pg.Pool, generation: number): Promise<number> {
  const { rows } = await execute<{ progress: number | null }>(
    pool,
    `select (count(*) filter (where s.id <= g.copied_to))::float8 / nullif(count(*), 0) as progress
       from statement s cross join (select copied_to from index_generation where generation = $1) g where s.erased_at is null`,
    [generation],
  );
  return rows[0]?.progress ?? 0;
}
