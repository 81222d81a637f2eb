import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { LocalStackInstallation } from './downloads.ts';
import { createEngine, type Engine } from './engine.ts';
import { getJson } from './http-json.ts';
import type { Ports } from './ports.ts';
import { spawnChild } from './process.ts';
import { untilReady } from './readiness.ts';
import type { Reaper } from './reaper.ts';
import { logFileOf } from './run-folder.ts';

export interface LocalStackOptions {
  readonly localstack: LocalStackInstallation;
  readonly ports: Pick<Ports, 'aws'>;
  readonly runDirectory: string;
  readonly reaper: Reaper;
  /** `host:port` of Kafka, for the MSK resource types and event source mappings. */
  readonly kafka: string;
  /** URL of PostgreSQL's superuser, for the RDS resource types. */
  readonly postgresAdminUrl: string;
  /** URL of OpenSearch, which stands behind every domain. */
  readonly opensearch: string;
  readonly functions?: FunctionProcessOptions | undefined;
}

/** What function processes get besides what a deployment gives them. */
export interface FunctionProcessOptions {
  /** Replaces variables of the same name. */
  readonly environment: Readonly<Record<string, string>>;
  /** A CommonJS file that JavaScript functions load before anything else. */
  readonly preload: string;
}

export interface LocalStackEngine extends Engine {
  /** Base URL of the AWS APIs. */
  readonly endpoint: string;
}

/** Name of the file in the run's folder that says which role asked for what. */
export const requestLogFile = 'requests.jsonl';

const name = 'localstack';
const host = '127.0.0.1';

/** Name under which the plugin offers functions as processes of this machine. */
export const lambdaExecutor = 'nlj';

const clone = fileURLToPath(new URL('../../', import.meta.url));

/** LocalStack as a process, with this clone's plugin. Its state is in memory: a stop forgets every resource. */
export function createLocalStack(options: LocalStackOptions): LocalStackEngine {
  const { localstack, ports, runDirectory, reaper } = options;
  const folder = join(runDirectory, name);
  const logFile = logFileOf(runDirectory, name);
  const endpoint = `http://${host}:${ports.aws}`;
  const engine = createEngine({
    name,
    logFile,
    async prepare() {
      for (const part of ['filesystem', 'tmp']) await mkdir(join(folder, part), { recursive: true });
    },
    launch: () =>
      spawnChild({
        name,
        command: localstack.python,
        args: ['-m', 'localstack.runtime.main'],
        env: environment(options, folder),
        cwd: folder,
        logFile,
        reaper,
      }),
    ready: (child) => untilReady(child, { check: () => isHealthy(endpoint), timeoutMs: 120_000 }),
    stopTimeoutMs: 15_000,
  });
  return Object.assign(engine, { endpoint });
}

/** The whole environment: no profile, proxy or LocalStack setting of the user's reaches it. */
function environment(options: LocalStackOptions, folder: string): NodeJS.ProcessEnv {
  const { localstack, ports, kafka, postgresAdminUrl, opensearch, functions } = options;
  return {
    PATH: [dirname(process.execPath), dirname(localstack.python), '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    PYTHONUNBUFFERED: '1',
    PYTHONNOUSERSITE: '1',
    // The clone may be read-only, and compiled files are not part of it.
    PYTHONDONTWRITEBYTECODE: '1',
    ...localStackSettings(`${host}:${ports.aws}`, folder),
    OPENSEARCH_CUSTOM_BACKEND: opensearch,
    OPENSEARCH_ENDPOINT_STRATEGY: 'path',
    PYTHONPATH: join(clone, 'localstack', 'plugin'),
    LAMBDA_RUNTIME_EXECUTOR: lambdaExecutor,
    NLJ_LOCAL_NODE: process.execPath,
    NLJ_LOCAL_NODE_PATH: join(clone, 'node_modules'),
    NLJ_LOCAL_RIC: join(clone, 'node_modules', 'aws-lambda-ric', 'index.mjs'),
    NLJ_LOCAL_KAFKA: kafka,
    NLJ_LOCAL_POSTGRES_ADMIN: postgresAdminUrl,
    NLJ_LOCAL_REQUEST_LOG: join(options.runDirectory, requestLogFile),
    ...(functions === undefined
      ? {}
      : {
          NLJ_LOCAL_FUNCTION_ENVIRONMENT: JSON.stringify(functions.environment),
          NLJ_LOCAL_FUNCTION_PRELOAD: functions.preload,
        }),
  };
}

function localStackSettings(address: string, folder: string): Readonly<Record<string, string>> {
  return {
    OVERRIDE_IN_DOCKER: '0',
    FILESYSTEM_ROOT: join(folder, 'filesystem'),
    GATEWAY_LISTEN: address,
    LOCALSTACK_HOST: address,
    DNS_ADDRESS: '0',
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    SQS_ENDPOINT_STRATEGY: 'path',
    LAMBDA_SYNCHRONOUS_CREATE: '1',
    // A resource type that nobody serves is an error, not a resource whose attributes are `unknown`.
    CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES: '0',
    CFN_PER_RESOURCE_TIMEOUT: '60',
  };
}

const healthSchema = z.object({ services: z.record(z.string(), z.string()) });
const serving: ReadonlySet<string> = new Set(['available', 'running', 'disabled']);

async function isHealthy(endpoint: string): Promise<boolean> {
  const { services } = healthSchema.parse(await getJson(`${endpoint}/_localstack/health`));
  return Object.values(services).every((state) => serving.has(state));
}
