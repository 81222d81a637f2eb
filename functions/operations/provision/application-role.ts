import pg from 'pg';

/**
 * What the server gives up by itself. A function gives up after ten seconds and connects anew; without these the statement it has
 * left behind would go on waiting, for a lock above all, and keep its session until there are none left. As attributes of the
 * role, since `SET` would pin the proxy's connections. `statement_timeout` is above what the maintenance function waits for,
 * `idle_in_transaction_session_timeout` above what an export takes from one page to the next.
 * @see https://www.postgresql.org/docs/current/runtime-config-client.html
 */
const limits = {
  lock_timeout: '8s',
  statement_timeout: '330s',
  idle_in_transaction_session_timeout: '300s',
  client_connection_check_interval: '10s',
};

/** Tables whose rows the application may also delete. */
const privileges = 'select, insert, update, delete';

/**
 * Makes the role that the topic group functions connect as: it reads and writes rows and changes no table. Its
 * password is the secret that the proxy (or, locally, the function) presents.
 */
export async function ensureApplicationRole(
  client: pg.ClientBase,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<void> {
  const role = pg.escapeIdentifier(username);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [username]);
  // DDL takes no parameters.
  await client.query(
    `${rowCount === 0 ? 'create' : 'alter'} role ${role} login password ${pg.escapeLiteral(password)}`,
  );
  for (const [name, value] of Object.entries(limits)) {
    await client.query(`alter role ${role} set ${name} = ${pg.escapeLiteral(value)}`);
  }
  await client.query(`grant usage on schema public to ${role}`);
  await client.query(`grant ${privileges} on all tables in schema public to ${role}`);
  await client.query(`revoke all on table schema_migration from ${role}`);
  await client.query(`grant select on table schema_migration to ${role}`);
}
