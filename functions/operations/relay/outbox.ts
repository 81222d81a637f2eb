import type pg from 'pg';
import { transaction } from '../../core/ledger/transaction.ts';

/** A decision's statement on its way to Kafka. */
export interface OutboxRow {
  /** Rises in the order of decision per key; pg gives a bigint as text. */
  readonly sequence: string;
  readonly statementId: string;
  readonly topic: string;
  readonly key: string;
  /** JSON text, as it was decided. */
  readonly body: string;
}

/** What a round did. `busy`: another relay is at work. */
export type Round = { readonly kind: 'busy' } | { readonly kind: 'done'; readonly published: number };

/** Publishes rows in their order. Resolves once every one is acknowledged; rejects if any may not be. */
export type Publish = (rows: readonly OutboxRow[]) => Promise<void>;

export interface Outbox {
  /**
   * Publishes the oldest rows that wait, and marks them.
   * @throws what `publish` throws; then no row is marked, and all of them come again.
   * @throws TransientError | ConfigurationError of the database.
   */
  round(publish: Publish): Promise<Round>;
}

/** Rows of one round, at most: what a relay that is killed sends again. */
const roundRows = 500;

/** Lock of the relay that is at work; an arbitrary number that nothing else uses. */
const relayLock = 4_711_105;

/**
 * The outbox in PostgreSQL. A round is one transaction that holds a lock of the transaction (a session's would pin a connection
 * of RDS Proxy), so that one relay is at work at a time: rows of one key rise in the order of commit, since they are
 * inserted under their session's lock, and a relay sends none before those that precede it are acknowledged.
 */
export function postgresOutbox(pool: pg.Pool): Outbox {
  return {
    round: (publish) => transaction(pool, (client) => publishWaiting(client, publish)),
  };
}

async function publishWaiting(client: pg.PoolClient, publish: Publish): Promise<Round> {
  const lock = await client.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1) as taken', [relayLock]);
  if (lock.rows[0]?.taken !== true) return { kind: 'busy' };
  // After the lock, in a statement of its own: its snapshot sees what the relay before marked.
  const { rows } = await client.query<OutboxRow>(
    `select sequence, statement_id as "statementId", topic, key, body::text as body
       from outbox where published is null order by sequence limit $1`,
    [roundRows],
  );
  if (rows.length === 0) return { kind: 'done', published: 0 };
  await publish(rows);
  await client.query('update outbox set published = clock_timestamp() where sequence = any($1::bigint[])', [
    rows.map(({ sequence }) => sequence),
  ]);
  return { kind: 'done', published: rows.length };
}
