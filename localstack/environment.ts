import { writeFileSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { apiIdOutput, apiStage } from '../lib/catalogue.ts';
import { dev } from '../lib/stage/dev.ts';
import type { LocalLimits } from '../lib/stage/local.ts';
import { awsEnvironment, deploy, localAws, synthesise } from './deploy.ts';
import type { Endpoints } from './endpoints.ts';
import {
  assertPortsFree,
  type ChildProcess,
  type Engines,
  ensureJavaEngines,
  ensureLocalStack,
  type FunctionProcessOptions,
  findTools,
  type Ports,
  type Reaper,
  spawnChild,
  startEngines,
  startReaper,
} from './engines/index.ts';
import { type Issuer, startIssuer } from './issuer/issuer.ts';
import { type StoreMetrics, startStoreMetrics } from './store-metrics/publish.ts';

/** What tools and tests need to know of a running environment. */
export interface EnvironmentDescription {
  readonly endpoints: Omit<Endpoints, 'pid'>;
  readonly stage: 'local';
  /** ARN of the deployed cluster, as the mappings name it. */
  readonly cluster: string;
  readonly runDirectory: string;
  /** Process ids of the servers. */
  readonly pids: { readonly kafka: number; readonly postgres: number; readonly opensearch: number };
}

export interface LocalEnvironment {
  readonly description: EnvironmentDescription;
  readonly engines: Engines;
  /** The Kafka event source: replaced when it dies, until it is stopped. */
  readonly eventSource: EventSource;
  /** What the stores' services publish of their servers. */
  readonly storeMetrics: StoreMetrics;
  /** Starts another one beside it, in the same consumer groups: a rebalance. The caller ends it. */
  startSecondEventSource(): ChildProcess;
  /** Stops everything that was started and removes the run's folder. */
  stop(): Promise<void>;
}

export interface EnvironmentOptions {
  readonly ports: Ports;
  readonly progress: (line: string) => void;
  /** Default: the engines' own addresses. */
  readonly routes?: Routes | undefined;
  readonly limits?: LocalLimits | undefined;
}

/** Where functions find the stores, and what their processes get besides: for proxies between them and the engines. */
export interface Routes {
  readonly postgresPort: number;
  /** Base URL. */
  readonly opensearch: string;
  readonly functions: FunctionProcessOptions;
}

/** What a newcomer can mend: shown as it is, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * Starts real engines with empty stores, deploys the CDK app into LocalStack and starts the Kafka event source.
 * @throws StartError naming what is missing and the remedy; whatever had been started is stopped.
 */
export async function startEnvironment(options: EnvironmentOptions): Promise<LocalEnvironment> {
  const { ports, progress, routes, limits } = options;
  await assertPortsFree(ports);
  const temporary = await realpath(tmpdir());
  const found = await findTools({ runDirectory: temporary });
  if (!found.ok) throw new StartError(found.faults.join('\n'));
  // Data, logs and the cloud assembly of this run.
  const runDirectory = await mkdtemp(join(temporary, 'nlj-events-'));
  const reaper = startReaper();
  reaper.addDirectory(runDirectory);
  const issuer = await startIssuer({ port: ports.issuer, audience: dev.api.audience });
  try {
    const [java, localstack] = await Promise.all([
      ensureJavaEngines(found.tools, progress, { reaper }),
      ensureLocalStack(found.tools, progress, { reaper }),
    ]);
    const output = assembly(runDirectory);
    const [engines] = await Promise.all([
      startEngines({
        ports,
        runDirectory,
        tools: { java, localstack },
        progress,
        reaper,
        functions: routes?.functions,
      }),
      synthesise({
        opensearchEndpoint: routes?.opensearch ?? openSearchUrl(ports),
        databasePort: routes?.postgresPort ?? ports.postgres,
        issuer: issuer.url,
        limits,
        output,
        progress,
      }),
    ]);
    return await deployInto(engines, { reaper, issuer, runDirectory, progress });
  } catch (error) {
    await issuer.close();
    await reaper.close();
    throw error;
  }
}

interface Surroundings {
  readonly reaper: Reaper;
  readonly issuer: Issuer;
  readonly runDirectory: string;
  readonly progress: (line: string) => void;
}

async function deployInto(
  engines: Engines,
  { reaper, issuer, runDirectory, progress }: Surroundings,
): Promise<LocalEnvironment> {
  const { endpoint } = engines.localstack;
  await deploy({ endpoint, output: assembly(runDirectory), progress });
  const cluster = await clusterOfMappings(endpoint);
  progress('starting the Kafka event source');
  const eventSource = superviseEventSource(() => startEventSource(engines, reaper, runDirectory), runDirectory);
  const endpoints = {
    kafka: engines.kafka.bootstrap,
    postgres: databaseUrl(engines.postgres.adminUrl),
    opensearch: engines.opensearch.url,
    aws: endpoint,
    api: await apiUrl(endpoint),
    issuer: issuer.url,
  };
  const storeMetrics = startStoreMetrics({ endpoints, runDirectory, progress });
  return {
    description: {
      endpoints,
      stage: 'local',
      cluster,
      runDirectory,
      pids: {
        kafka: engines.kafka.pid ?? 0,
        postgres: engines.postgres.pid ?? 0,
        opensearch: engines.opensearch.pid ?? 0,
      },
    },
    engines,
    eventSource,
    storeMetrics,
    startSecondEventSource: () => startEventSource(engines, reaper, runDirectory, 'event-source-2'),
    async stop() {
      await Promise.all([eventSource.stop(), storeMetrics.stop()]);
      await Promise.all([
        engines.localstack.stop(),
        engines.opensearch.stop(),
        engines.kafka.stop(),
        engines.postgres.stop(),
        issuer.close(),
      ]);
      await reaper.close();
    },
  };
}

/** Where LocalStack serves the deployed gateway's stage. */
async function apiUrl(endpoint: string): Promise<string> {
  const client = new CloudFormationClient({ endpoint, ...localAws });
  const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({}));
  const outputs = stacks.flatMap(({ Outputs = [] }) => Outputs);
  const id = outputs.find(({ OutputKey }) => OutputKey === apiIdOutput)?.OutputValue;
  if (id === undefined) throw new StartError('The deployment made no API');
  return `${endpoint}/_aws/execute-api/${id}/${apiStage}`;
}

/** The cluster that the deployed mappings read from. */
async function clusterOfMappings(endpoint: string): Promise<string> {
  const { EventSourceMappings: mappings = [] } = await new LambdaClient({ endpoint, ...localAws }).send(
    new ListEventSourceMappingsCommand({}),
  );
  const cluster = mappings[0]?.EventSourceArn;
  if (cluster === undefined) throw new StartError('The deployment made no event source mapping');
  return cluster;
}

function startEventSource(engines: Engines, reaper: Reaper, runDirectory: string, name = 'event-source'): ChildProcess {
  return spawnChild({
    name,
    command: process.execPath,
    args: [
      fileURLToPath(new URL('event-source/main.ts', import.meta.url)),
      '--aws-endpoint',
      engines.localstack.endpoint,
      '--kafka',
      engines.kafka.bootstrap,
      '--status-file',
      join(runDirectory, `${name}.json`),
    ],
    env: { PATH: process.env['PATH'] ?? '', ...awsEnvironment(engines.localstack.endpoint) },
    cwd: runDirectory,
    logFile: join(runDirectory, 'logs', `${name}.log`),
    reaper,
  });
}

/** Name of the file in the run's folder that holds the event source's process id. */
export const eventSourcePidFile = 'event-source.pid';

/** Time before an event source that ended is replaced, as AWS replaces a poller. */
const replaceMillis = 1_000;

export interface EventSource {
  /** Lets it stand still, so that messages gather in Kafka. */
  pause(): void;
  resume(): void;
  /** Ends it as a crash would; another takes its place. */
  kill(): void;
  stop(): Promise<void>;
}

/** Keeps one event source running until `stop`. */
function superviseEventSource(spawn: () => ChildProcess, runDirectory: string): EventSource {
  let stopping = false;
  let current = spawn();
  const note = () => writeFileSync(join(runDirectory, eventSourcePidFile), String(current.pid));
  note();
  const supervise = async (): Promise<void> => {
    while (!stopping) {
      await current.exited;
      await sleep(replaceMillis);
      if (stopping) return;
      current = spawn();
      note();
    }
  };
  const supervision = supervise();
  return {
    pause: () => current.pause(),
    resume: () => current.resume(),
    kill: () => current.kill(),
    async stop() {
      stopping = true;
      await current.stop();
      await supervision;
    },
  };
}

/** The cloud assembly that a run's environment was deployed from. */
export function assembly(runDirectory: string): string {
  return join(runDirectory, 'cdk.out');
}

/** Where the index will answer: known before it does. */
function openSearchUrl(ports: Ports): string {
  return `http://127.0.0.1:${ports.opensearch}`;
}

/** The application's database, seen as the engine's superuser. */
function databaseUrl(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.pathname = '/nlj';
  return url.href;
}
