import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate, readMigrations } from '../../functions/operations/provision/migrate.ts';
import { type Database, migrationsFolder, openDatabase } from './support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

it('changes nothing the second time', async () => {
  const client = await database.pool.connect();
  expect(await migrate(client, await readMigrations(migrationsFolder))).toEqual([]);
  client.release();
});

it('refuses a migration that was changed after it was applied, and leaves the schema alone', async () => {
  const client = await database.pool.connect();
  const migrations = await readMigrations(migrationsFolder);
  const changed = migrations.map((migration, index) => (index === 0 ? { ...migration, checksum: 'other' } : migration));
  await expect(migrate(client, changed)).rejects.toThrow(/0001-ledger.sql was applied and is changed since/);
  client.release();
});

it('applies all or nothing', async () => {
  const client = await database.pool.connect();
  const migrations = await readMigrations(migrationsFolder);
  const next = (number: number, sql: string) => ({ number, name: `${number}.sql`, sql, checksum: sql });
  const added = [
    next(migrations.length + 1, 'create table half_done (id int)'),
    next(migrations.length + 2, 'select 1/0'),
  ];
  await expect(migrate(client, [...migrations, ...added])).rejects.toThrow(/division by zero/);
  const { rows } = await client.query(`select to_regclass('half_done') as name`);
  expect(rows[0]).toEqual({ name: null });
  client.release();
});

it('lets two deployments migrate at once', async () => {
  const other = await openDatabase();
  const migrations = await readMigrations(migrationsFolder);
  const results = await Promise.all(
    [1, 2].map(async () => {
      const client = await other.pool.connect();
      const applied = await migrate(client, migrations);
      client.release();
      return applied;
    }),
  );
  expect(results.flat()).toEqual([]);
  await other.close();
});
