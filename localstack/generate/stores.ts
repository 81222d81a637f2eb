import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@opensearch-project/opensearch';
import pg from 'pg';
import { openSearchAdmin } from '../../functions/core/search/index-admin.ts';
import { migrate, readMigrations } from '../../functions/operations/provision/migrate.ts';
import { ensureJavaEngines, findTools, type Ports, prepareRunFolder, startReaper } from '../engines/index.ts';
import { createOpenSearch } from '../engines/opensearch.ts';
import { createPostgres } from '../engines/postgres.ts';

const migrationsFolder = new URL('../../functions/operations/provision/migrations/', import.meta.url);
const database = 'nlj';
/** The data are made up and the servers open to this machine alone. */
const password = 'of-made-up-data';

/** PostgreSQL and OpenSearch alone, with the schema of the code. */
export interface StandingStores {
  readonly pool: pg.Pool;
  readonly search: Client;
  /** Base URL of OpenSearch. */
  readonly opensearch: string;
  /** Ends both servers, and leaves their data. */
  stop(): Promise<void>;
}

export interface StandingStoresOptions {
  readonly ports: Ports;
  /** Holds the data, before and after; made where it is absent. */
  readonly directory: string;
  readonly connections: number;
  readonly progress: (line: string) => void;
}

/** Starts both servers on a folder's data and brings the schema up to date. @throws Error naming what is missing */
export async function openStandingStores(options: StandingStoresOptions): Promise<StandingStores> {
  const { ports, directory, connections, progress } = options;
  await mkdir(directory, { recursive: true });
  // Copies that the last run made, where it made any.
  await rm(join(directory, 'programs'), { recursive: true, force: true });
  await prepareRunFolder(directory);
  const found = await findTools({ runDirectory: directory });
  if (!found.ok) throw new Error(found.faults.join('\n'));
  const reaper = startReaper();
  try {
    const java = await ensureJavaEngines(found.tools, progress, { reaper });
    const postgres = createPostgres({ ports, runDirectory: directory, reaper, password });
    const opensearch = createOpenSearch({ java, ports, runDirectory: directory, reaper });
    await Promise.all([postgres.start(), opensearch.start()]);
    const pool = await openDatabase(postgres.adminUrl, connections);
    const search = new Client({ node: opensearch.url });
    await openSearchAdmin(search, { replicas: 0 }).putTemplate(1, true);
    return {
      pool,
      search,
      opensearch: opensearch.url,
      async stop() {
        await Promise.all([pool.end(), search.close()]);
        await Promise.all([postgres.stop(), opensearch.stop()]);
        await reaper.close();
      },
    };
  } catch (error) {
    await reaper.close();
    throw error;
  }
}

async function openDatabase(adminUrl: string, connections: number): Promise<pg.Pool> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [database]);
  if (rowCount === 0) await admin.query(`create database ${database}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  const pool = new pg.Pool({ connectionString: url.href, max: connections, options: '-c synchronous_commit=off' });
  // A connection that ends with the server is no fault.
  pool.on('error', () => undefined);
  const client = await pool.connect();
  try {
    await migrate(client, await readMigrations(migrationsFolder));
  } finally {
    client.release();
  }
  return pool;
}

/** What a folder's data were made from, or null where nothing was loaded to its end. */
export async function loadedInto(directory: string): Promise<string | null> {
  return readFile(join(directory, noteFile), 'utf8').catch(() => null);
}

export async function noteLoaded(directory: string, what: string): Promise<void> {
  await writeFile(join(directory, noteFile), what);
}

const noteFile = 'loaded.txt';
