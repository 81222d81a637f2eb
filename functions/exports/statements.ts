import type pg from 'pg';
import { isAboutSurveySql } from '../core/ledger/about-surveys.ts';
import { classifyPostgresError } from '../core/ledger/postgres-errors.ts';
import { rowColumns, type StatementColumns, statementRow } from '../core/ledger/postgres-statements.ts';
import type { StatementRow } from '../core/ledger/row.ts';
import type { Attempt } from './job.ts';

/** Rows of one trip. A statement can be 1 MiB. */
const pageRows = 250;

const declareSql = `
  declare exported no scroll cursor for
  select ${rowColumns} from statement s
   where s.origin = 'producer' and not s.voided and s.erased_at is null
     and not ${isAboutSurveySql}
     and ($1::timestamptz is null or s.statement_time >= $1) and ($2::timestamptz is null or s.statement_time < $2)
   order by s.stored, s.id`;

/**
 * Statements in the order of their arrival, page by page, all of one moment: of learners, voided ones and whatever is about
 * a survey left out. The connection is held until the last page is taken, or the caller stops.
 * @throws TransientError | ConfigurationError
 */
export async function* statementPages(
  pool: pg.Pool,
  { since, until }: Pick<Attempt, 'since' | 'until'>,
): AsyncGenerator<readonly StatementRow[]> {
  const client = await pool.connect().catch((error: unknown) => {
    throw classifyPostgresError(error);
  });
  let broken: Error | undefined;
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(declareSql, [since ?? null, until ?? null]);
    for (;;) {
      const { rows } = await client.query<StatementColumns>(`fetch ${pageRows} from exported`);
      if (rows.length === 0) break;
      yield rows.map(statementRow);
    }
  } catch (error) {
    throw classifyPostgresError(error);
  } finally {
    await client.query('rollback').catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
}
