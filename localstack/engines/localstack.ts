import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine, type Engine, withProperties } from './engine.ts';
import { spawnChild } from './process.ts';
import type { Reaper } from './reaper.ts';

export interface LocalStackOptions {
  /** The virtual environment that downloads.ts made. */
  readonly environment: string;
  /** Node 24, for the functions. */
  readonly node: string;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  /** `host:port`, as the functions shall see the broker. */
  readonly kafka: string;
  /** As the functions shall see the database. */
  readonly postgres: { readonly host: string; readonly port: number; readonly adminUrl: string };
  /** Base URL, as the functions shall see the index. */
  readonly opensearch: string;
  readonly reaper: Reaper;
}

export type LocalStackEngine = Engine & { readonly endpoint: string };

const host = '127.0.0.1';
const plugin = fileURLToPath(new URL('../plugin/', import.meta.url));

/**
 * LocalStack as a process of this machine, with this clone's plugin package.
 *
 * Its state is in memory only: after a restart it is empty and wants a deployment.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStackEngine> {
  const { environment, directory, logFile, port, reaper } = options;
  const python = join(environment, 'bin', 'python');
  const site = join(directory, 'site');
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  await promisify(execFile)(python, [join(plugin, 'link.py'), site]);

  const endpoint = `http://${host}:${port}`;
  const engine = createEngine({
    name: 'LocalStack',
    logFile,
    readyTimeoutMs: 90_000,
    launch: () =>
      spawnChild({
        name: 'LocalStack',
        command: python,
        args: ['-m', 'localstack.runtime.main'],
        env: localStackEnvironment(options, [site, join(plugin, 'src')], temporary),
        cwd: directory,
        logFile,
        reaper,
      }),
    probe: async () => {
      const response = await fetch(`${endpoint}/_localstack/health`, { signal: AbortSignal.timeout(3000) });
      const health = await response.text();
      // Listening comes before the plugin's hooks have run; its route comes with them.
      const functions = await fetch(`${endpoint}/_nlj/functions`, { signal: AbortSignal.timeout(3000) });
      if (!response.ok || !functions.ok) throw new Error(health);
    },
  });
  await engine.start();
  return withProperties(engine, { endpoint });
}

function localStackEnvironment(
  { node, directory, port, kafka, postgres, opensearch }: LocalStackOptions,
  pythonPath: readonly string[],
  temporary: string,
): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    // Its caches and temporary files go with the run.
    HOME: directory,
    TMPDIR: temporary,
    FILESYSTEM_ROOT: join(directory, 'root'),
    PYTHONPATH: pythonPath.join(delimiter),
    // The clone gets no __pycache__.
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',

    OVERRIDE_IN_DOCKER: '0',
    GATEWAY_LISTEN: `${host}:${port}`,
    LOCALSTACK_HOST: `${host}:${port}`,
    GATEWAY_SERVER: 'nlj-loopback',
    DNS_ADDRESS: '0',
    // No call to the outside.
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    SQS_ENDPOINT_STRATEGY: 'path',
    LAMBDA_SYNCHRONOUS_CREATE: '1',
    LAMBDA_RUNTIME_EXECUTOR: 'nlj-host',
    CFN_PER_RESOURCE_TIMEOUT: '60',
    // A type that nobody provides fails the deployment; it is not mocked.
    CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES: '0',
    OPENSEARCH_CUSTOM_BACKEND: opensearch,
    OPENSEARCH_ENDPOINT_STRATEGY: 'path',

    NLJ_LOCAL_NODE: node,
    NLJ_LOCAL_RUNTIME_CLIENT: fileURLToPath(import.meta.resolve('aws-lambda-ric')),
    NLJ_LOCAL_NODE_PATH: fileURLToPath(new URL('../../node_modules', import.meta.url)),
    NLJ_LOCAL_KAFKA: kafka,
    NLJ_LOCAL_POSTGRES_HOST: postgres.host,
    NLJ_LOCAL_POSTGRES_PORT: String(postgres.port),
    NLJ_LOCAL_POSTGRES_ADMIN_URL: postgres.adminUrl,
  };
}
