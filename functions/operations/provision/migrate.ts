import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

/** A numbered plain SQL migration, in the order of its number. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text: an applied migration never changes. */
  readonly checksum: string;
}

/** Reads `NNNN-name.sql` files. @throws Error for another name, a gap or a number used twice. */
export async function readMigrations(directory: URL): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const name of names) {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
    if (number !== migrations.length + 1) {
      throw new Error(
        `Migration ${name}: files are named 0001-words.sql, numbered without gaps; expected number ${migrations.length + 1}`,
      );
    }
    const sql = await readFile(new URL(name, directory), 'utf8');
    migrations.push({ number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') });
  }
  return migrations;
}

/** Serialises deployments that migrate at once; an arbitrary number that nothing else uses. */
const migrationLock = 4_711_103;

/**
 * Applies what is missing, all in one transaction under a transaction-level lock (a session-level one would pin a
 * connection of RDS Proxy): either every migration is there, or none of this call's.
 *
 * @returns names of the migrations applied now.
 * @throws Error if an applied migration was changed afterwards or is gone from the code.
 */
export async function migrate(client: pg.ClientBase, migrations: readonly Migration[]): Promise<string[]> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query(
      `create table if not exists schema_migration (
         number integer primary key, name text not null, checksum text not null, applied timestamptz not null default now())`,
    );
    const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
      'select number, name, checksum from schema_migration order by number',
    );
    for (const applied of rows) {
      const known = migrations.find(({ number }) => number === applied.number);
      if (known?.checksum !== applied.checksum) {
        throw new Error(
          `Migration ${applied.name} was applied and is ${known === undefined ? 'gone' : 'changed'} since: add a new migration instead`,
        );
      }
    }
    const missing = migrations.filter(({ number }) => !rows.some((row) => row.number === number));
    for (const migration of missing) {
      await client.query(migration.sql);
      await client.query('insert into schema_migration (number, name, checksum) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
    }
    await client.query('commit');
    return missing.map(({ name }) => name);
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
