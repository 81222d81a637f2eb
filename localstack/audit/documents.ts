import type { Client } from '@opensearch-project/opensearch';
import type pg from 'pg';
import stringify from 'safe-stable-stringify';
import { rowColumns, type StatementColumns, statementRow } from '../../functions/core/ledger/postgres-statements.ts';
import { documentOf } from '../../functions/core/search/document.ts';
import { statementAlias } from '../../functions/core/search/index-template.ts';

const lookup = 1_000;

/**
 * Holds the documents of statements against their rows: one that the index took has one document, and it is the function
 * of its row; one that the index refused has none; none may still be pending.
 */
export async function checkDocuments(
  { pool, search }: { readonly pool: pg.Pool; readonly search: Client },
  ids: readonly string[],
): Promise<{ readonly repeated: number; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  let repeated = 0;
  await search.indices.refresh({ index: statementAlias });
  for (let from = 0; from < ids.length; from += lookup) {
    const part = ids.slice(from, from + lookup);
    const { rows } = await pool.query<StatementColumns & { readonly index_state: string }>(
      `select ${rowColumns}, s.index_state from statement s where s.id = any($1::uuid[]) and s.erased_at is null`,
      [part],
    );
    const documents = await readDocuments(search, part);
    for (const raw of rows) {
      const row = statementRow(raw);
      const found = documents.get(row.id) ?? [];
      const wanted = raw.index_state === 'refused' ? 0 : 1;
      if (raw.index_state === 'pending') faults.push(`statement ${row.id} waits for its document`);
      if (found.length > wanted) repeated += 1;
      if (found.length !== wanted)
        faults.push(`statement ${row.id} has ${found.length} documents instead of ${wanted}`);
      const document = stringify(documentOf(row));
      if (found.some((source) => stringify(source) !== document)) faults.push(`document ${row.id} is not its row's`);
    }
  }
  return { repeated, faults };
}

async function readDocuments(search: Client, ids: readonly string[]): Promise<Map<string, unknown[]>> {
  const { body } = await search.search({
    index: statementAlias,
    body: { size: 10_000, query: { ids: { values: [...ids] } } },
  });
  const found = new Map<string, unknown[]>();
  for (const { _id, _source } of body.hits.hits) {
    const list = found.get(String(_id)) ?? [];
    found.set(String(_id), list);
    list.push(_source);
  }
  return found;
}
