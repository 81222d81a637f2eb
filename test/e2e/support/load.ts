import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { confirmDocuments, postgresLedger } from '../../../functions/core/ledger/postgres-ledger.ts';
import { documentOf } from '../../../functions/core/search/document.ts';
import { openSearchIndex } from '../../../functions/core/search/opensearch-index.ts';
import { entry } from '../../support/entries.ts';
import { statement } from '../../support/statement.ts';
import type { Run } from './run.ts';

const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;
/** Agent keys of loaded rows are of no deployed pepper: nobody else is meant by them. */
const pepper = { version: 1, secret: 'a pepper for tests, of no use elsewhere' };
const chunk = 1_000;

export interface LoadOptions {
  readonly count: number;
  /** Hours before now that the ledger is to have taken them. */
  readonly hoursAgo: number;
  readonly indexed?: boolean;
}

/**
 * Puts statements straight into the ledger and the index, by the functions' own code, as if they had been taken some time
 * ago. They come from no topic, so that no accounting of Kafka counts them.
 * @returns their ids.
 */
export async function load(
  { pool, search }: Pick<Run, 'search'> & { readonly pool: pg.Pool },
  { count, hoursAgo, indexed = true }: LoadOptions,
): Promise<string[]> {
  const ledger = postgresLedger({ pool, pepper, authority, projections: [], derived: [] });
  const index = openSearchIndex(search);
  const ids: string[] = [];
  for (let from = 0; from < count; from += chunk) {
    const values = Array.from({ length: Math.min(chunk, count - from) }, () => statement());
    const { outcomes, generations } = await ledger.commit(
      values.map((value) => entry(value, { topic: `loaded-${randomUUID()}` })),
    );
    const rows = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.row] : []));
    const { rows: moved } = await pool.query<{ id: string; stored: string }>(
      `update statement s set stored = stored - $2 * interval '1 hour' where id = any($1::uuid[])
       returning id, to_char(s.stored at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stored`,
      [rows.map(({ id }) => id), hoursAgo],
    );
    const storedOf = new Map(moved.map(({ id, stored }) => [id, stored]));
    ids.push(...rows.map(({ id }) => id));
    if (!indexed) continue;
    const due = rows.map((row) => ({ ...row, stored: storedOf.get(row.id) ?? row.stored }));
    await index.write(
      due.map((row) => ({ document: documentOf(row), version: row.documentVersion })),
      generations,
    );
    await confirmDocuments(
      pool,
      due.map(({ id, documentVersion }) => ({ id, documentVersion, refusal: null })),
    );
  }
  return ids;
}
