import { TransientError } from '../../core/errors.ts';
import { writtenGenerations } from '../../core/ledger/postgres-ledger.ts';
import { rowColumns, type StatementColumns, statementRow } from '../../core/ledger/postgres-statements.ts';
import { execute } from '../../core/ledger/transaction.ts';
import type { AnswerTo } from './answer.ts';
import { compareAndMend } from './compare.ts';
import { pageSize, rowsOf, writeAndConfirm } from './documents.ts';
import { sweepErasures } from './erase.ts';
import { generationIn, retireGenerations } from './generations.ts';
import { joinPeople } from './people.ts';
import { comingMonths } from './rebuild.ts';
import type { RequestFor } from './request.ts';
import type { MaintenanceStores } from './stores.ts';

const recentDays = 2;
const dayMillis = 24 * 60 * 60 * 1000;
const pendingWhere = `s.index_state = 'pending' and s.stored < $1`;

/**
 * Puts right what functions could not finish, and says what it found: people are joined, documents that were due for
 * longer than a function can take are written, then rows and documents are compared. Second sweeps of erasures and the end
 * of retired generations are done by the way. Anything younger than the longest function timeout is left to the functions.
 */
export async function reconcile(
  { scope }: RequestFor<'reconcile'>,
  stores: MaintenanceStores,
): Promise<AnswerTo<'reconcile'>> {
  const { pool, hasTime } = stores;
  const { rows: clock } = await execute<{ before: string }>(
    pool,
    `select to_char(date_trunc('milliseconds', now() - $1 * interval '1 ms') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as before`,
    [stores.longestFunctionMillis],
  );
  const before = clock[0]?.before ?? new Date(0).toISOString();
  const { rows: waiting } = await execute<{ count: number }>(
    pool,
    `select count(*)::integer as count from statement s where ${pendingWhere}`,
    [before],
  );
  const pending = waiting[0]?.count ?? 0;
  const joined = await joinPeople(stores);
  await writeMoved(stores, joined);
  await writePending(stores, before);
  const live = await generationIn(pool, 'live');
  const from =
    scope === 'all' ? new Date(0).toISOString() : new Date(Date.parse(before) - recentDays * dayMillis).toISOString();
  if (scope === 'all') await stores.admin.createMonths(live, comingMonths());
  const differences = await compareAndMend(stores, live, { from, before });
  const sweeps = hasTime() ? await sweepErasures(stores) : 0;
  const retired = hasTime() ? await retireGenerations(stores) : 0;
  const { rows: rest } = await execute<{ count: number }>(
    pool,
    `select count(*)::integer as count from statement s where ${pendingWhere}`,
    [before],
  );
  const { missing, outdated, orphaned, complete } = differences;
  return {
    action: 'reconcile',
    drift: { pending, missing, outdated, orphaned, joined: joined.length },
    left: rest[0]?.count ?? 0,
    complete,
    sweeps,
    retired,
  };
}

/** Documents of statements that were moved just now: nobody else writes them. What the index does not take stays due. */
async function writeMoved(stores: MaintenanceStores, ids: readonly string[]): Promise<void> {
  const { pool, hasTime } = stores;
  for (let from = 0; from < ids.length && hasTime(); from += pageSize) {
    const rows = await rowsOf(stores, ids.slice(from, from + pageSize));
    try {
      await writeAndConfirm(stores, rows, await writtenGenerations(pool));
    } catch (error) {
      if (error instanceof TransientError) return;
      throw error;
    }
  }
}

/** Page by page in the order of their ids; what the index does not take now is passed over and stays due. */
async function writePending(stores: MaintenanceStores, before: string): Promise<void> {
  const { pool, hasTime } = stores;
  let after = '00000000-0000-0000-0000-000000000000';
  while (hasTime()) {
    const generations = await writtenGenerations(pool);
    const { rows } = await execute<StatementColumns>(
      pool,
      `select ${rowColumns} from statement s where ${pendingWhere} and s.id > $2 order by s.id limit ${pageSize}`,
      [before, after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    try {
      await writeAndConfirm(stores, rows.map(statementRow), generations);
    } catch (error) {
      if (error instanceof TransientError) return;
      throw error;
    }
  }
}
