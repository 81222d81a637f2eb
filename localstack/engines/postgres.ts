import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createEngine, type Engine } from './engine.ts';
import { printed } from './java.ts';
import type { Ports } from './ports.ts';
import { completePackage, postgresPackage } from './postgres-package.ts';
import { spawnChild } from './process.ts';
import { reachableCopy } from './reachable.ts';
import { untilReady } from './readiness.ts';
import type { Reaper } from './reaper.ts';
import { type Account, logFileOf, ownFolder, programsFolder, serverAccount } from './run-folder.ts';

export interface PostgresOptions {
  readonly ports: Pick<Ports, 'postgres'>;
  readonly runDirectory: string;
  readonly reaper: Reaper;
  /** Password of the superuser. Default: one of this run. Data of an earlier run in the folder need the one they began with. */
  readonly password?: string | undefined;
}

export interface PostgresEngine extends Engine {
  readonly port: number;
  /** URL of the superuser, with the password of this run, for database `postgres`. */
  readonly adminUrl: string;
}

const name = 'postgres';
const host = '127.0.0.1';
const superuser = 'postgres';

/** The whole environment of PostgreSQL's programs. */
const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };

/** One PostgreSQL server, empty unless the folder holds data of an earlier run, that keeps to disk what it acknowledges and lets nobody in without a password. */
export function createPostgres({
  ports,
  runDirectory,
  reaper,
  password = randomBytes(24).toString('hex'),
}: PostgresOptions): PostgresEngine {
  const port = ports.postgres;
  const account = serverAccount();
  const folder = join(runDirectory, name);
  const data = join(folder, 'data');
  const logFile = logFileOf(runDirectory, name);
  const adminUrl = `postgres://${superuser}:${password}@${host}:${port}/postgres`;
  let programs = '';
  const engine = createEngine({
    name,
    logFile,
    async prepare() {
      await ownFolder(folder, account);
      programs = join(await readableBinaries(programsFolder(runDirectory, name), account), 'bin');
      if (!existsSync(join(data, 'PG_VERSION'))) await initialize({ programs, folder, data, password, account });
    },
    launch: () =>
      spawnChild({
        name,
        command: join(programs, 'postgres'),
        args: ['-D', data, ...Object.entries(settings(port)).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
        env: environment,
        cwd: folder,
        ...account,
        logFile,
        reaper,
        // A fast shutdown, which ends sessions. SIGTERM would wait for every client to leave.
        stopSignal: 'SIGINT',
      }),
    ready: (child) => untilReady(child, { check: () => answers(adminUrl), timeoutMs: 60_000, intervalMs: 50 }),
    stopTimeoutMs: 20_000,
  });
  return Object.assign(engine, { port, adminUrl });
}

function settings(port: number): Readonly<Record<string, string | number>> {
  return {
    port,
    listen_addresses: host,
    // No socket file: its path may be about 100 characters long, and a run folder's may be longer.
    unix_socket_directories: '',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    max_connections: 200,
    // Files in the data folder: those in /dev/shm would outlive a killed server, and containers have little of it.
    dynamic_shared_memory_type: 'mmap',
  };
}

async function readableBinaries(copy: string, account: Account): Promise<string> {
  const found = postgresPackage();
  if (!found.ok) throw new Error(found.fault);
  await completePackage(found.native);
  return reachableCopy(found.native, copy, account);
}

interface Initialization {
  readonly programs: string;
  readonly folder: string;
  readonly data: string;
  readonly password: string;
  readonly account: Account;
}

async function initialize({ programs, folder, data, password, account }: Initialization): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const { uid, gid } = account;
  if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
  const args = [
    `--pgdata=${data}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and the same upper and lower case on every machine, whatever its locales.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    // The folder is of this run alone; what the server acknowledges later is synced.
    '--no-sync',
    '--no-instructions',
  ];
  try {
    await promisify(execFile)(join(programs, 'initdb'), args, {
      cwd: folder,
      env: environment,
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
  } catch (error) {
    throw new Error(`${name}: initdb failed: ${printed(error)}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => {});
  }
}
