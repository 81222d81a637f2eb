import type pg from 'pg';
import { execute, statementTransaction } from '../../core/ledger/transaction.ts';
import type { MaintenanceStores } from './stores.ts';

/** People that are joined in one transaction, while no statement is written. */
const peoplePage = 20;

/** Identifiers that were seen alone and belong to an account now, as far as something still carries their own key. */
const outdatedSql = `
  select i.alone_key, i.agent_key
    from agent_identity i
   where i.alone_key <> i.agent_key
     and (exists (select 1 from statement s where s.agent_key = i.alone_key)
          or (exists (select 1 from agent a where a.agent_key = i.alone_key)
              and exists (select 1 from agent a where a.agent_key = i.agent_key)))
   order by i.alone_key
   limit ${peoplePage}`;

const moveStatementsSql = `
  with pair as (select * from json_to_recordset($1::json) as r(alone_key text, agent_key text)),
       moved as (select s.id, p.agent_key from statement s join pair p on s.agent_key = p.alone_key order by s.id for update of s)
  update statement s
     set agent_key = moved.agent_key, document_version = s.document_version + 1, index_state = 'pending', index_refusal = null
    from moved where s.id = moved.id
   returning s.id`;

const mergeAgentsSql = `
  with pair as (select * from json_to_recordset($1::json) as r(alone_key text, agent_key text)),
       gone as (delete from agent a using pair p
                 where a.agent_key = p.alone_key and exists (select 1 from agent t where t.agent_key = p.agent_key)
                returning p.agent_key, a.email, a.name, a.named_at, a.first_seen, a.last_seen),
       best as (select agent_key, min(email) as email, min(first_seen) as first_seen, max(last_seen) as last_seen,
                       (array_agg(name order by named_at desc, name desc) filter (where named_at is not null))[1] as name,
                       max(named_at) as named_at
                  from gone group by agent_key)
  update agent a
     set email = coalesce(a.email, best.email),
         name = case when a.named_at is null or (best.named_at, best.name) > (a.named_at, a.name) then coalesce(best.name, a.name) else a.name end,
         named_at = greatest(a.named_at, best.named_at),
         first_seen = least(a.first_seen, best.first_seen), last_seen = greatest(a.last_seen, best.last_seen)
    from best where a.agent_key = best.agent_key`;

/**
 * Gives what identifiers did alone to the accounts that they were attached to since: statements, people, and what is
 * derived of them. It can become due again, as a statement may be written with a key that was read just before.
 * @returns ids of statements moved; their documents are due.
 */
export async function joinPeople({
  pool,
  projections,
  hasTime,
}: Pick<MaintenanceStores, 'pool' | 'projections' | 'hasTime'>): Promise<readonly string[]> {
  const moved: string[] = [];
  while (hasTime()) {
    const { rows: pairs } = await execute<{ alone_key: string; agent_key: string }>(pool, outdatedSql, []);
    if (pairs.length === 0) break;
    const ids = await statementTransaction(pool, 'alone', async (client: pg.PoolClient) => {
      const json = JSON.stringify(pairs);
      const { rows } = await client.query<{ id: string }>(moveStatementsSql, [json]);
      await client.query(mergeAgentsSql, [json]);
      const people = pairs.flatMap(({ alone_key, agent_key }) => [alone_key, agent_key]);
      for (const projection of projections) await projection.rederive?.(client, [...new Set(people)].sort());
      return rows.map(({ id }) => id);
    });
    for (const id of ids) moved.push(id);
    if (pairs.length < peoplePage) break;
  }
  return moved;
}
