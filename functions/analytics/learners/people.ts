import type pg from 'pg';

/** A learner as ADMINs and he himself may see him. */
export interface Learner {
  readonly user_id: string | null;
  readonly agent_key: string;
  readonly name: string | null;
  readonly email: string | null;
}

const columns = 'a.user_id, a.agent_key, a.name, a.email';

/** Learners that a search returns, at most. */
export const largestSearch = 50;

/**
 * Learners of an e-mail (whole, in any case), or with a text in their name (in any case), by name.
 * @throws what the pool rejects with.
 */
export async function searchLearners(
  pool: pg.Pool,
  by: { readonly email: string } | { readonly name: string },
): Promise<Learner[]> {
  const { rows } =
    'email' in by
      ? await pool.query<Learner>(
          `select ${columns} from agent a
            where lower(a.email) = lower($1)
               or a.agent_key in (select i.agent_key from agent_identity i where lower(i.email) = lower($1) and not i.ambiguous)
            order by a.name, a.agent_key limit ${largestSearch}`,
          [by.email],
        )
      : await pool.query<Learner>(
          `select ${columns} from agent a where position(lower($1) in lower(a.name)) > 0
            order by a.name, a.agent_key limit ${largestSearch}`,
          [by.name],
        );
  return rows;
}

/**
 * The learner of an agent key: also of a mailbox's own key once the mailbox belongs to an account. Null if none is known.
 * @throws what the pool rejects with.
 */
export async function readLearner(pool: pg.Pool, agentKey: string): Promise<Learner | null> {
  const { rows } = await pool.query<Learner>(
    `select ${columns} from agent a
      where a.agent_key = $1
         or a.agent_key = (select i.agent_key from agent_identity i where i.alone_key = $1 order by i.identifier limit 1)
      order by a.agent_key = $1 limit 1`,
    [agentKey],
  );
  return rows[0] ?? null;
}
