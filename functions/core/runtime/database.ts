import { Signer } from '@aws-sdk/rds-signer';
import pg from 'pg';
import { databaseCredentials, readSecret } from './secrets.ts';

/** The database members that every function environment with a database has. */
export interface DatabaseEnvironment {
  readonly DATABASE_HOST: string;
  readonly DATABASE_PORT: string;
  readonly DATABASE_NAME: string;
  readonly DATABASE_USER: string;
  readonly DATABASE_AUTH: 'iam' | 'password';
  readonly DATABASE_SECRET_ARN: string;
}

/** A wait longer than this for a connection counts as a store that is down. */
const connectMillis = 5_000;

/**
 * A pool of one connection: a function process works on one batch at a time.
 *
 * With `iam` each new connection authenticates by a token signed for the RDS Proxy, over TLS verified against the public
 * roots (the proxy's certificate comes from ACM). With `password` (the local engine) the secret is read per connection.
 * @param options.queryMillis a wait longer than this for an answer counts as a store that is down.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-connecting.html
 */
export function databasePool(environment: DatabaseEnvironment, { queryMillis = 10_000 } = {}): pg.Pool {
  const host = environment.DATABASE_HOST;
  const port = Number(environment.DATABASE_PORT);
  const user = environment.DATABASE_USER;
  const iam = environment.DATABASE_AUTH === 'iam';
  const signer = iam ? new Signer({ hostname: host, port, username: user }) : null;
  const pool = new pg.Pool({
    host,
    port,
    user,
    database: environment.DATABASE_NAME,
    password: () =>
      signer === null
        ? readSecret(environment.DATABASE_SECRET_ARN, databaseCredentials).then(({ password }) => password)
        : signer.getAuthToken(),
    ssl: iam ? { rejectUnauthorized: true } : false,
    max: 1,
    connectionTimeoutMillis: connectMillis,
    query_timeout: queryMillis,
    application_name: 'nlj-events',
  });
  // An idle connection that the server closes is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
