import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { postgresLedger } from '../../../functions/core/ledger/postgres-ledger.ts';
import type { Projection } from '../../../functions/core/ledger/projection.ts';
import { migrate, readMigrations } from '../../../functions/operations/provision/migrate.ts';

export const migrationsFolder = new URL('../../../functions/operations/provision/migrations/', import.meta.url);
export const pepper = { version: 1, secret: 'a pepper for tests, of no use elsewhere' };

const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;

/** A database of its own, migrated as a deployment does it. */
export async function openDatabase(connections = 4) {
  const admin = new pg.Client({ connectionString: inject('postgres') });
  await admin.connect();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`create database ${name}`);
  const url = new URL(inject('postgres'));
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: connections });
  const client = await pool.connect();
  await migrate(client, await readMigrations(migrationsFolder));
  client.release();
  return {
    pool,
    ledger: (projections: readonly Projection[] = []) =>
      postgresLedger({ pool, pepper, authority, projections, derived: projections }),
    async close(): Promise<void> {
      await pool.end();
      await admin.query(`drop database ${name}`);
      await admin.end();
    },
  };
}

export type Database = Awaited<ReturnType<typeof openDatabase>>;
