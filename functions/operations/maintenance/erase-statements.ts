import type pg from 'pg';
import { rowColumns, type StatementColumns } from '../../core/ledger/postgres-statements.ts';
import { execute, statementTransaction } from '../../core/ledger/transaction.ts';
import { withoutPerson } from '../../core/people/mentions.ts';
import { pageSize } from './documents.ts';
import type { Subject } from './person.ts';
import type { MaintenanceStores } from './stores.ts';

/** What makes a row an erased one: id and place stay. */
export const erasedColumns = `
  body = null, canonical_hash = null, received_hash = null, delivery = null, agent_key = null, activity_hash = null, erased_at = now(),
  index_state = 'erased', index_refusal = null, document_version = document_version + 1`;

/**
 * Erases statements page by page, and derives anew what the tables hold of the people whose they were.
 * @param where over `statement s`, of rows to erase.
 */
export async function eraseStatements(
  { pool, projections, hasTime }: Pick<MaintenanceStores, 'pool' | 'projections' | 'hasTime'>,
  where: string,
  values: readonly unknown[],
): Promise<{ readonly erased: number; readonly complete: boolean }> {
  let erased = 0;
  while (hasTime()) {
    const count = await statementTransaction(pool, 'alone', async (client: pg.PoolClient) => {
      const { rows } = await client.query<{ agent_key: string | null; survey: boolean }>(
        `with page as (select s.id, s.agent_key from statement s where s.erased_at is null and ${where}
                        order by s.id limit ${pageSize} for update)
         update statement set ${erasedColumns} from page where statement.id = page.id returning page.agent_key`,
        [...values],
      );
      const people = [...new Set(rows.flatMap(({ agent_key }) => agent_key ?? []))].sort();
      if (people.length > 0) for (const projection of projections) await projection.rederive?.(client, people);
      return rows.length;
    });
    erased += count;
    if (count < pageSize) return { erased, complete: true };
  }
  return { erased, complete: false };
}

/**
 * Statements of others that name the person get a body without the name; their hashes stay, so that a repetition is still
 * a duplicate. Their documents are due, in case they held it. The whole ledger is searched.
 */
export async function eraseMentions(
  { pool, hasTime }: MaintenanceStores,
  subject: Subject,
): Promise<{ readonly mentions: number; readonly complete: boolean }> {
  let mentions = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  while (hasTime()) {
    const rows = await mentioning(pool, subject, after);
    const changed = rows.flatMap(({ id, body }) => {
      const rest = withoutPerson(body, subject);
      return rest === body ? [] : [{ id, body: JSON.stringify(rest) }];
    });
    await execute(
      pool,
      `update statement s set body = r.body::json, document_version = s.document_version + 1, index_state = 'pending', index_refusal = null
         from json_to_recordset($1::json) as r(id uuid, body text) where s.id = r.id and s.erased_at is null`,
      [JSON.stringify(changed)],
    );
    mentions += changed.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return { mentions, complete: true };
    after = last.id;
  }
  return { mentions, complete: false };
}

/** Rows whose body may name the person: a search as text, which is more than the rule and never less. */
async function mentioning(pool: pg.Pool, subject: Subject, after: string): Promise<StatementColumns[]> {
  const { rows } = await execute<StatementColumns>(
    pool,
    `select ${rowColumns} from statement s
      where s.id > $1 and s.erased_at is null
        and exists (select 1 from unnest($2::text[]) as word where position(lower(word) in lower(s.body::text)) > 0)
      order by s.id limit ${pageSize}`,
    [after, textsOf(subject)],
  );
  return rows;
}

/** What names the person, as it stands within JSON. */
export function textsOf({ words, personIds }: Subject): string[] {
  const identifiers = [...personIds].map((id) => id.slice(id.indexOf(':') + 1));
  return [...new Set([...words, ...identifiers])].map((text) => JSON.stringify(text).slice(1, -1));
}
