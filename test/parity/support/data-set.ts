import { Client } from '@opensearch-project/opensearch';
import { inject } from 'vitest';
import type { ReadingStores } from '../../../functions/analytics/stores.ts';
import { rowColumns, type StatementColumns, statementRow } from '../../../functions/core/ledger/postgres-statements.ts';
import type { StatementRow } from '../../../functions/core/ledger/row.ts';
import { openSearchAdmin } from '../../../functions/core/search/index-admin.ts';
import { generateDataSet } from '../../../localstack/generate/data-set.ts';
import { loadDataSet } from '../../../localstack/generate/load.ts';
import type { OutgoingMessage } from '../../../localstack/workload/message.ts';
import { openDatabase, pepper } from '../../store/support/database.ts';

/** Seeds of the data sets that numbers are compared on. */
export const seeds = [1, 2, 3, 4, 5] as const;

/** Statements of each. */
export const statements = Number(process.env['NLJ_PARITY_STATEMENTS'] ?? 2_000);

const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;
const generation = 1;

/** What both sides of a comparison read: the stores, and the ledger's rows as a plain array. */
export interface DataSet {
  readonly stores: ReadingStores;
  readonly rows: readonly StatementRow[];
  close(): Promise<void>;
}

/** Loads a seed's data set into empty stores. */
export function openDataSet(seed: number, now: Date): Promise<DataSet> {
  return openWith(generateDataSet({ seed, count: statements }), now);
}

/** Loads messages into empty stores. The index has one set at a time. */
export async function openWith(messages: Iterable<OutgoingMessage>, now: Date): Promise<DataSet> {
  const database = await openDatabase();
  const search = new Client({ node: inject('opensearch') });
  const admin = openSearchAdmin(search, { replicas: 0 });
  await admin.putTemplate(generation, true);
  await loadDataSet(messages, { pool: database.pool, search, pepper, authority });
  const { rows } = await database.pool.query<StatementColumns>(
    `select ${rowColumns} from statement s where s.erased_at is null order by s.id`,
  );
  return {
    stores: { pool: database.pool, search, now: () => now, anonymityThreshold: 5 },
    rows: rows.map(statementRow),
    async close() {
      await admin.drop(generation);
      await search.close();
      await database.close();
    },
  };
}
