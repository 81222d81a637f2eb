import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@opensearch-project/opensearch';
import pg from 'pg';
import { z } from 'zod';
import { functionName, topicGroups } from '../../lib/catalogue.ts';
import { getJson } from '../engines/http-json.ts';
import { type Ports, portsFrom } from '../engines/index.ts';
import { type LocalEnvironment, startEnvironment } from '../environment.ts';
import { type HttpProxy, startHttpProxy } from './proxy/http-proxy.ts';
import { type PostgresProxy, startPostgresProxy } from './proxy/postgres-proxy.ts';

/** How much shorter everything is here than in operation. */
export const timeScale = 30;

/** What functions keep back of their time; not scaled (functions/core/middleware/pipeline.ts). */
const reserveSeconds = 30;

/** Operation's figures (lib/stage/dev.ts) over the scale: 300 s less the reserve are 9 s, 10,000 attempts are 333. */
export const limits = {
  waitSeconds: 270 / timeScale,
  functionTimeoutSeconds: reserveSeconds + 270 / timeScale,
  maximumRetryAttempts: Math.floor(10_000 / timeScale),
};

/** Everything that faults and checks take hold of. */
export interface Stage {
  readonly environment: LocalEnvironment;
  /** Proxies between the functions and the stores. */
  readonly postgres: PostgresProxy;
  readonly opensearch: HttpProxy;
  readonly aws: HttpProxy;
  /** Past the proxies, as superuser. */
  readonly database: pg.Pool;
  /** Past the proxies. */
  readonly search: Client;
  /** The processes of topic groups' functions that live now. */
  groupFunctions(): Promise<readonly FunctionProcess[]>;
  /** Moves the clock of every function process, from 0.1 s on. Milliseconds; 0 is the right time. */
  shiftClock(millis: number): Promise<void>;
  /** How many processes have had their clock shifted by so much. */
  shiftedClocks(millis: number): Promise<number>;
  close(): Promise<void>;
}

export interface FunctionProcess {
  readonly functionName: string;
  readonly pid: number;
  /** Whether an invocation runs. */
  readonly busy: boolean;
}

const functionProcesses = z.array(z.object({ functionName: z.string(), pid: z.number(), busy: z.boolean() }));

const groupFunctionNames: ReadonlySet<string> = new Set(topicGroups.map(({ name }) => functionName('local', name)));

/** Starts the environment with proxies between functions and stores, and with scaled limits. @throws StartError */
export async function openStage(options: {
  readonly portOffset: number;
  readonly progress: (line: string) => void;
}): Promise<Stage> {
  const ports = portsFrom({ offset: options.portOffset });
  const folder = await mkdtemp(join(tmpdir(), 'nlj-faults-'));
  const clockFile = join(folder, 'clock');
  const proxies = await startProxies(ports);
  const closeProxies = async () => {
    await Promise.all([proxies.postgres.close(), proxies.opensearch.close(), proxies.aws.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  const environment = await startEnvironment({
    ports,
    progress: options.progress,
    limits: {
      functionTimeoutSeconds: limits.functionTimeoutSeconds,
      maximumRetryAttempts: limits.maximumRetryAttempts,
    },
    routes: {
      postgresPort: proxies.postgres.port,
      opensearch: proxies.opensearch.url,
      functions: {
        environment: { AWS_ENDPOINT_URL: proxies.aws.url, NLJ_FAULT_CLOCK: clockFile },
        preload: fileURLToPath(new URL('clock.cjs', import.meta.url)),
      },
    },
  }).catch(async (error: unknown) => {
    await closeProxies();
    throw error;
  });
  const { endpoints } = environment.description;
  const database = new pg.Pool({ connectionString: endpoints.postgres, max: 4, connectionTimeoutMillis: 5_000 });
  database.on('error', () => undefined);
  const search = new Client({ node: endpoints.opensearch, maxRetries: 0, requestTimeout: 15_000 });
  return {
    environment,
    ...proxies,
    database,
    search,
    async groupFunctions() {
      const all = functionProcesses.parse(await getJson(`${endpoints.aws}/_nlj/functions`));
      return all.filter((process) => groupFunctionNames.has(process.functionName));
    },
    shiftClock: (millis) => writeFile(clockFile, String(millis)),
    shiftedClocks: async (millis) =>
      (await readdir(folder)).filter((name) => name.startsWith(`clock.${millis}.`)).length,
    async close() {
      await Promise.all([database.end(), search.close()]);
      await environment.stop();
      await closeProxies();
    },
  };
}

async function startProxies(ports: Ports) {
  const [postgres, opensearch, aws] = await Promise.all([
    startPostgresProxy(ports.postgres),
    startHttpProxy(`http://127.0.0.1:${ports.opensearch}`),
    startHttpProxy(`http://127.0.0.1:${ports.aws}`),
  ]);
  return { postgres, opensearch, aws };
}
