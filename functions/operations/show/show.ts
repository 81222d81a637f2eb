import type pg from 'pg';
import { execute } from '../../core/ledger/transaction.ts';
import { answerSchema, type ShowAnswer } from './answer.ts';
import type { EntityKind, ShowRequest } from './request.ts';
import { kindsSql, stateSql } from './sql.ts';

/** The state of one entity, or which other kinds of entity have its id. @throws TransientError | ConfigurationError */
export async function show({ kind, id }: ShowRequest, pool: pg.Pool): Promise<ShowAnswer> {
  const { rows } = await execute<{ state: unknown }>(pool, stateSql[kind], [id]);
  const [row] = rows;
  if (row !== undefined) return answerSchema.parse({ outcome: 'found', kind, state: row.state });
  const others = await execute<{ kind: EntityKind }>(pool, kindsSql, [id]);
  return { outcome: 'not-found', kind, id, otherKinds: others.rows.map((other) => other.kind) };
}
