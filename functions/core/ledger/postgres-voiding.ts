import type pg from 'pg';
import { voidingTarget } from '../xapi/index.ts';
import type { Effect } from './ledger.ts';
import { rowColumns, type StatementColumns, statementRow } from './postgres-statements.ts';
import type { StatementRow } from './row.ts';

/**
 * Records what accepted voiding statements void, and voids the targets that are there already; others are born voided.
 * A voiding statement is never voided (xAPI 1.0.3 Part 2, 2.3.2). No other transaction writes statements meanwhile.
 * @returns the rows that became voided.
 */
export async function voidTargets(client: pg.ClientBase, accepted: readonly StatementRow[]): Promise<Effect[]> {
  const voidings = accepted.flatMap((row) => {
    const target = voidingTarget(row.body);
    return target === null ? [] : [{ statement_id: row.id, target_id: target }];
  });
  if (voidings.length === 0) return [];
  await client.query(
    `insert into voiding (statement_id, target_id)
     select statement_id, target_id from json_to_recordset($1::json) as r(statement_id uuid, target_id uuid)
     on conflict (statement_id) do nothing`,
    [JSON.stringify(voidings)],
  );
  const { rows } = await client.query<StatementColumns>(
    `update statement s
        set voided = true, document_version = s.document_version + 1, index_state = 'pending', index_refusal = null
       from (select id from statement where id = any($1::uuid[]) order by id for update) as target
      where s.id = target.id and not s.voided and s.erased_at is null
        and not exists (select 1 from voiding v where v.statement_id = s.id)
     returning ${rowColumns}`,
    [voidings.map(({ target_id }) => target_id)],
  );
  const causes = new Map(voidings.map(({ statement_id, target_id }) => [target_id, statement_id]));
  return rows.map((row) => ({ row: statementRow(row), causedBy: causes.get(row.id) ?? row.id }));
}
