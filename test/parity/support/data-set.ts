import { Client } from '@opensearch-project/opensearch';
import { inject } from 'vitest';
import type { ReadingStores } from '../../../functions/analytics/stores.ts';
import { rowColumns, type StatementColumns, statementRow } from '../../../functions/core/ledger/postgres-statements.ts';
import type { StatementRow } from '../../../functions/core/ledger/row.ts';
import { openSearchAdmin } from '../../../functions/core/search/index-admin.ts';
import { statementAlias } from '../../../functions/core/search/index-template.ts';
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

/** Stores that messages are loaded into, one set of them at a time. */
export interface DataStores {
  readonly stores: ReadingStores;
  load(messages: Iterable<OutgoingMessage>): Promise<void>;
  /** The ledger's rows as a plain array, which the reference reads. */
  rows(): Promise<readonly StatementRow[]>;
  /** Forgets what was loaded. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Empty stores; the index itself is made by the first load. */
export async function openStores(now: Date): Promise<DataStores> {
  const database = await openDatabase();
  const { pool } = database;
  const search = new Client({ node: inject('opensearch') });
  const admin = openSearchAdmin(search, { replicas: 0 });
  await admin.putTemplate(generation, true);
  return {
    stores: { pool, search, now: () => now, anonymityThreshold: 5 },
    async load(messages) {
      await loadDataSet(messages, { pool, search, pepper, authority });
    },
    async rows() {
      const { rows } = await pool.query<StatementColumns>(
        `select ${rowColumns} from statement s where s.erased_at is null order by s.id`,
      );
      return rows.map(statementRow);
    },
    async clear() {
      await pool.query('truncate statement, agent, agent_identity, voiding');
      await search.deleteByQuery({
        index: statementAlias,
        ignore_unavailable: true,
        refresh: true,
        body: { query: { match_all: {} } },
      });
    },
    async close() {
      await admin.drop(generation);
      await search.close();
      await database.close();
    },
  };
}

/** A seed's data set, loaded. */
export async function openDataSet(seed: number, now: Date) {
  const opened = await openStores(now);
  await opened.load(generateDataSet({ seed, count: statements }));
  return { ...opened, rows: await opened.rows() };
}

export type DataSet = Awaited<ReturnType<typeof openDataSet>>;
