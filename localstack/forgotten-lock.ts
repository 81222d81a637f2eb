import pg from 'pg';

/**
 * A session that locks a table and goes idle in its transaction, as somebody forgets one: nobody passes until it ends. It may be
 * ended from outside.
 * @param url connection URL of the table's owner.
 */
export async function forgetLock(url: string, table: 'statement'): Promise<{ end(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return { end: () => client.end() };
}
