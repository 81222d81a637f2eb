import type { Client } from '@opensearch-project/opensearch';
import type pg from 'pg';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { checkTables } from './tables.ts';

/** What can be said of the stores as a whole only, whatever record it comes from. */
export interface Whole {
  /** Documents without a row that the index took, less such rows without a document: 0. */
  readonly drift: number;
  /** Tables that do not hold what the ledger's rows make, a sentence each: none. */
  readonly tables: readonly string[];
}

export const sound: Whole = { drift: 0, tables: [] };

/** Holds documents against rows, and tables against the ledger. */
export async function checkWhole({
  pool,
  search,
}: {
  readonly pool: pg.Pool;
  readonly search: Client;
}): Promise<Whole> {
  const { rows } = await pool.query<{ count: string }>(`select count(*) from statement where index_state = 'indexed'`);
  await search.indices.refresh({ index: statementAlias });
  const { body } = await search.count({ index: statementAlias });
  return { drift: body.count - Number(rows[0]?.count ?? 0), tables: await checkTables(pool) };
}

/** What is wrong now and was not before, a sentence each: what an earlier run broke is not the later one's. */
export function worsened(before: Whole, now: Whole): { readonly doubleCounted: number; readonly violations: string[] } {
  const tables = now.tables.filter((fault) => !before.tables.includes(fault));
  const drift = now.drift === before.drift ? [] : [`documents less rows: ${now.drift}, was ${before.drift}`];
  return { doubleCounted: tables.length, violations: [...tables, ...drift] };
}
