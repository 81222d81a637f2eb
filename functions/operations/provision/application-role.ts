import pg from 'pg';

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
  await client.query(`grant usage on schema public to ${role}`);
  await client.query(`grant ${privileges} on all tables in schema public to ${role}`);
  await client.query(`revoke all on table schema_migration from ${role}`);
  await client.query(`grant select on table schema_migration to ${role}`);
}
