import type pg from 'pg';
import { growth, known, type Values } from './reading.ts';

/** Counts that only grow. */
export interface DatabaseCounts {
  readonly reads: number;
  readonly writes: number;
}

export interface DatabaseReading {
  readonly instance: Values<'database'>;
  /** Functions connect to the server itself: what the proxy would say of them. */
  readonly proxy: Values<'proxy'>;
  readonly counts: DatabaseCounts;
}

const sql = `
  select count(*) filter (where backend_type = 'client backend')::integer as sessions,
         count(*) filter (where usename = 'nlj_app')::integer as clients,
         count(*) filter (where usename = 'nlj_app' and state <> 'idle')::integer as borrowed,
         current_setting('max_connections')::integer as allowed,
         (select max(age(datfrozenxid)) from pg_database)::integer as "transactionIds",
         (select sum(reads) from pg_stat_io)::float8 as reads,
         (select sum(writes) from pg_stat_io)::float8 as writes
    from pg_stat_activity`;

interface Row extends DatabaseCounts {
  readonly sessions: number;
  readonly clients: number;
  readonly borrowed: number;
  readonly allowed: number;
  readonly transactionIds: number;
}

/**
 * What RDS and its proxy would publish of the one server.
 * @param freeBytes what is left where its files are.
 * @param before counts of so many seconds before.
 */
export async function databaseReading(
  client: Pick<pg.Pool, 'query'>,
  freeBytes: number,
  before: DatabaseCounts | undefined,
  seconds: number,
): Promise<DatabaseReading> {
  const { rows } = await client.query<Row>(sql);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL says nothing of itself');
  const { sessions, clients, borrowed, allowed, transactionIds, reads, writes } = row;
  const rate = (count: number | undefined) => (count === undefined ? undefined : count / seconds);
  return {
    counts: { reads, writes },
    instance: known<'database'>({
      DatabaseConnections: sessions,
      MaximumUsedTransactionIDs: transactionIds,
      FreeStorageSpace: freeBytes,
      ReadIOPS: rate(growth(reads, before?.reads)),
      WriteIOPS: rate(growth(writes, before?.writes)),
    }),
    proxy: {
      ClientConnections: clients,
      DatabaseConnections: clients,
      DatabaseConnectionsCurrentlyBorrowed: borrowed,
      MaxDatabaseConnectionsAllowed: allowed,
    },
  };
}
