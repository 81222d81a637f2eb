import type pg from 'pg';
import { z } from 'zod';
import { classifyPostgresError } from '../../core/ledger/postgres-errors.ts';
import type { Filter } from './request.ts';
import { conditionsOf } from './where.ts';

const counts = z.array(z.object({ class: z.string(), rule: z.string().nullable(), count: z.number() }));
export type WaitingCount = z.infer<typeof counts>[number];

/**
 * How many dead letters wait, by class and first rule; the rule is null where a record was not refused by one.
 * @throws TransientError | ConfigurationError
 */
export async function waitingCounts(pool: pg.Pool, filter: Filter): Promise<WaitingCount[]> {
  const { text, values } = conditionsOf({ filter, state: 'waiting' });
  try {
    const { rows } = await pool.query(
      `select d.class, d.errors->0->>'rule' as rule, count(*)::integer as count from dead_letter d where ${text}
        group by 1, 2 order by 3 desc, 1, 2`,
      [...values],
    );
    return counts.parse(rows);
  } catch (error) {
    throw classifyPostgresError(error);
  }
}
