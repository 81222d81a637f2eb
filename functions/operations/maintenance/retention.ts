import { execute } from '../../core/ledger/transaction.ts';
import type { AnswerTo } from './answer.ts';
import type { ErasureStores } from './erase.ts';
import { eraseLetterRows } from './erase-letters.ts';
import { eraseStatements } from './erase-statements.ts';
import { existingGenerations } from './generations.ts';
import type { RequestFor } from './request.ts';

const letterPage = 500;

const olderSql = `s.stored < $1::timestamptz`;

const countsSql = `
  select (select count(*)::integer from statement s where s.erased_at is null and ${olderSql}) as statements,
         (select count(*)::integer from dead_letter where state <> 'erased' and first_seen < $1::timestamptz) as "deadLetters",
         (select count(*)::integer from agent a
           where not exists (select 1 from statement s where s.agent_key = a.agent_key and not ${olderSql})) as agents,
         (select count(distinct date_trunc('month', s.stored at time zone 'UTC'))::integer from statement s
           where s.erased_at is null and ${olderSql}) as indexes`;

interface Counts {
  readonly statements: number;
  readonly deadLetters: number;
  readonly agents: number;
  readonly indexes: number;
}

/**
 * Erases what was stored before a month, as the erasure of people does: rows keep id and place, whole monthly indexes go, and so
 * do dead letters first seen before, and people of whom nothing is left.
 * @throws Error if the month is not over.
 */
export async function retention(
  { before, dryRun }: RequestFor<'retention'>,
  stores: ErasureStores,
): Promise<AnswerTo<'retention'>> {
  const { pool, admin } = stores;
  if (before > new Date().toISOString().slice(0, 7)) throw new Error(`The month ${before} has not begun`);
  const instant = `${before}-01T00:00:00Z`;
  if (dryRun) {
    const { rows } = await execute<Counts & Record<string, number>>(pool, countsSql, [instant]);
    const { statements, deadLetters, agents, indexes } = rows[0] ?? {
      statements: 0,
      deadLetters: 0,
      agents: 0,
      indexes: 0,
    };
    return { action: 'retention', dryRun, before, statements, deadLetters, agents, indexes, complete: true };
  }
  const { erased: statements, complete: allStatements } = await eraseStatements(stores, olderSql, [instant]);
  const { deadLetters, complete: allLetters } = await eraseOldLetters(stores, instant);
  const complete = allStatements && allLetters;
  let indexes = 0;
  // What is left of an older month would lose its document.
  if (allStatements) {
    for (const generation of await existingGenerations(pool)) {
      indexes = Math.max(indexes, await admin.dropMonthsBefore(generation, before));
    }
  }
  const agents = complete ? await forgetPeople(stores) : 0;
  return { action: 'retention', dryRun, before, statements, deadLetters, agents, indexes, complete };
}

async function eraseOldLetters({ pool, letters, hasTime }: ErasureStores, instant: string) {
  let deadLetters = 0;
  while (hasTime()) {
    const { rows } = await execute<LetterRow>(
      pool,
      `select cluster, topic, partition, "offset"::float8 as "offset", extract(epoch from record_time)::float8 * 1000 as timestamp, object_key
         from dead_letter where state <> 'erased' and first_seen < $1 limit ${letterPage}`,
      [instant],
    );
    const places = rows.map((row) => ({ ...row, timestamp: Math.round(row.timestamp) }));
    // Rows that share an object, a batch that a mapping gave up, were first seen at once: none of them stays.
    for (const objectKey of new Set(rows.map(({ object_key }) => object_key))) await letters.removeVersions(objectKey);
    await eraseLetterRows(pool, places);
    deadLetters += rows.length;
    if (rows.length < letterPage) return { deadLetters, complete: true };
  }
  return { deadLetters, complete: false };
}

type LetterRow = {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly object_key: string;
};

/** People whom no statement is about any more. */
async function forgetPeople({ pool }: ErasureStores): Promise<number> {
  const gone = `not exists (select 1 from statement s where s.agent_key = p.agent_key)`;
  await execute(pool, `delete from agent_identity p where ${gone}`, []);
  const { rowCount } = await execute(pool, `delete from agent p where ${gone}`, []);
  return rowCount ?? 0;
}
