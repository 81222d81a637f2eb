import { TransientError } from '../../core/errors.ts';
import { confirmDocuments } from '../../core/ledger/postgres-ledger.ts';
import { rowColumns, type StatementColumns, statementRow } from '../../core/ledger/postgres-statements.ts';
import type { StatementRow } from '../../core/ledger/row.ts';
import { execute } from '../../core/ledger/transaction.ts';
import { documentOf } from '../../core/search/document.ts';
import type { IndexOutcome } from '../../core/search/search-index.ts';
import type { MaintenanceStores } from './stores.ts';

/** Rows whose documents are written at once. */
export const pageSize = 1_000;

/** Writes the documents of rows to generations; outcomes in the order of the rows. */
export function writeDocuments(
  { index }: Pick<MaintenanceStores, 'index'>,
  rows: readonly StatementRow[],
  generations: readonly number[],
): Promise<readonly IndexOutcome[]> {
  return index.write(
    rows.map((row) => ({ document: documentOf(row), version: row.documentVersion })),
    generations,
  );
}

/**
 * Writes documents and confirms those that were taken or refused.
 * @returns how many are confirmed.
 * @throws TransientError if the index took none of them.
 */
export async function writeAndConfirm(
  stores: Pick<MaintenanceStores, 'index' | 'pool'>,
  rows: readonly StatementRow[],
  generations: readonly number[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const outcomes = await writeDocuments(stores, rows, generations);
  const confirmations = rows.flatMap(({ id, documentVersion }, position) => {
    const outcome = outcomes[position] ?? { kind: 'transient' };
    if (outcome.kind === 'transient') return [];
    return [{ id, documentVersion, refusal: outcome.kind === 'refused' ? outcome.reason : null }];
  });
  if (confirmations.length === 0) throw new TransientError(`The index took none of ${rows.length} documents`);
  await confirmDocuments(stores.pool, confirmations);
  return confirmations.length;
}

/** Rows by their ids; those that are gone or erased are left out. */
export async function rowsOf(
  { pool }: Pick<MaintenanceStores, 'pool'>,
  ids: readonly string[],
): Promise<StatementRow[]> {
  const { rows } = await execute<StatementColumns>(
    pool,
    `select ${rowColumns} from statement s where s.id = any($1::uuid[]) and s.erased_at is null order by s.id`,
    [ids],
  );
  return rows.map(statementRow);
}
