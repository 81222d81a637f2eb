import type pg from 'pg';
import { classifyPostgresError, isRetriable } from './postgres-errors.ts';

/** How often what lost a deadlock is tried at once before its records are reported. */
const immediateTries = 4;

/** Lock of whatever writes statements; an arbitrary number that nothing else uses. */
const statementsLock = 4_711_104;

/**
 * How a transaction goes with others that write statements. `shared`: beside them. `alone`: none of them runs meanwhile,
 * and what it writes is seen by all that begin later. It is a lock of the transaction, so RDS Proxy does not pin the
 * connection, and the first thing a transaction takes, so it cannot be part of a deadlock.
 */
export type Fence = 'shared' | 'alone';

const begin: Readonly<Record<Fence, string>> = {
  // Two statements in one trip: the second one's snapshot, like that of all that follow, is taken with the lock held.
  shared: `begin; select pg_advisory_xact_lock_shared(${statementsLock})`,
  alone: `begin; select pg_advisory_xact_lock(${statementsLock})`,
};

/**
 * Runs work in a transaction that writes statements; what loses a deadlock is tried again at once, a few times.
 * @throws RowError | TransientError | ConfigurationError
 */
export function statementTransaction<T>(
  pool: pg.Pool,
  fence: Fence,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return tried(() => inTransaction(pool, begin[fence], work));
}

/** Runs work once in a transaction of its own. @throws RowError | TransientError | ConfigurationError, or what the work throws */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  try {
    return await inTransaction(pool, 'begin', work);
  } catch (error) {
    throw classifyPostgresError(error);
  }
}

/**
 * Runs reading work that sees one moment, in a transaction that can write nothing.
 * @throws RowError | TransientError | ConfigurationError, or what the work throws
 */
export async function snapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  try {
    return await inTransaction(pool, 'begin isolation level repeatable read read only', work);
  } catch (error) {
    throw classifyPostgresError(error);
  }
}

/** Runs one statement by itself, with the same tries. @throws RowError | TransientError | ConfigurationError */
export function execute<Row extends pg.QueryResultRow = pg.QueryResultRow>(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
  return tried(() => pool.query<Row>(text, [...values]));
}

async function tried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (isRetriable(error) && attempt < immediateTries) continue;
      throw classifyPostgresError(error);
    }
  }
}

/** Runs work between BEGIN and COMMIT; a connection that failed is not used again. */
async function inTransaction<T>(
  pool: pg.Pool,
  beginning: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(beginning);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
