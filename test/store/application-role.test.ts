import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { databasePool } from '../../functions/core/runtime/database.ts';
import { ensureApplicationRole } from '../../functions/operations/provision/application-role.ts';
import { type Database, openDatabase } from './support/database.ts';

const credentials = { username: `role_${randomUUID().replaceAll('-', '')}`, password: 'for a test only' };
let database: Database;
let url: URL;
beforeAll(async () => {
  database = await openDatabase(4);
  const client = await database.pool.connect();
  await ensureApplicationRole(client, credentials);
  await ensureApplicationRole(client, credentials);
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  client.release();
  url = new URL(inject('postgres'));
  url.username = credentials.username;
  url.password = credentials.password;
  url.pathname = `/${rows[0]?.name}`;
});
afterAll(async () => {
  await database.pool.query(`drop owned by ${credentials.username}`);
  await database.pool.query(`drop role ${credentials.username}`);
  await database.close();
});

it('reads and writes rows, and changes no table', async () => {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query('delete from export_job');
  await expect(client.query('drop table export_job')).rejects.toMatchObject({ code: '42501' });
  await expect(client.query('delete from schema_migration')).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

it('a statement that waits for a forgotten lock is given up by the server before the function leaves it behind', async () => {
  const forgotten = await database.pool.connect();
  await forgotten.query('begin');
  await forgotten.query('lock table statement in access exclusive mode');
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await expect(client.query('select count(*) from statement')).rejects.toMatchObject({ code: '55P03' });
  const { rows } = await database.pool.query<{ waiting: number }>(
    `select count(*)::integer as waiting from pg_stat_activity where usename = $1 and wait_event_type = 'Lock'`,
    [credentials.username],
  );
  expect(rows[0]?.waiting).toBe(0);
  const [{ seconds } = { seconds: 0 }] = (
    await client.query<{ seconds: number }>(
      `select extract(epoch from current_setting('lock_timeout')::interval)::integer as seconds`,
    )
  ).rows;
  expect(seconds * 1_000).toBeLessThan(databasePool(unused).options.query_timeout ?? 0);
  await client.end();
  await forgotten.query('rollback');
  forgotten.release();
});

/** Nothing is connected to. */
const unused = {
  DATABASE_HOST: '127.0.0.1',
  DATABASE_PORT: '1',
  DATABASE_NAME: 'none',
  DATABASE_USER: 'nobody',
  DATABASE_AUTH: 'password',
  DATABASE_SECRET_ARN: 'arn:none',
} as const;
