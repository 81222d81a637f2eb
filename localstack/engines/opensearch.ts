import { chmod, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JavaEngines } from './downloads.ts';
import { createEngine, type Engine } from './engine.ts';
import { getJson } from './http-json.ts';
import { javaHome } from './interpreters.ts';
import { javaEnvironment, javaOptions } from './java.ts';
import type { Ports } from './ports.ts';
import { spawnChild } from './process.ts';
import { reachableCopy } from './reachable.ts';
import { untilReady } from './readiness.ts';
import type { Reaper } from './reaper.ts';
import { logFileOf, ownFolder, programsFolder, serverAccount } from './run-folder.ts';

export interface OpenSearchOptions {
  readonly java: JavaEngines;
  readonly ports: Pick<Ports, 'opensearch' | 'opensearchTransport'>;
  readonly runDirectory: string;
  readonly reaper: Reaper;
}

export interface OpenSearchEngine extends Engine {
  readonly url: string;
}

const name = 'opensearch';
const host = '127.0.0.1';
const heap = '512m';

/** One empty OpenSearch node. It has no security plugin: it is open to this machine, and to nobody else. */
export function createOpenSearch({ java, ports, runDirectory, reaper }: OpenSearchOptions): OpenSearchEngine {
  const account = serverAccount();
  const folder = join(runDirectory, name);
  const logFile = logFileOf(runDirectory, name);
  const url = `http://${host}:${ports.opensearch}`;
  let home = java.opensearchHome;
  let program = java.program;
  const engine = createEngine({
    name,
    logFile,
    async prepare() {
      home = await reachableCopy(java.opensearchHome, programsFolder(runDirectory, name), account);
      const runtime = await reachableCopy(await javaHome(java.program), programsFolder(runDirectory, 'java'), account);
      program = join(runtime, 'bin', 'java');
      await ownFolder(folder, account);
      for (const part of ['data', 'logs', 'tmp', 'config']) await ownFolder(join(folder, part), account);
      await writeConfiguration(home, join(folder, 'config'), nodeSettings(ports, folder));
    },
    launch: () =>
      spawnChild({
        name,
        command: program,
        args: [...jvmOptions(home, folder), 'org.opensearch.bootstrap.OpenSearch'],
        env: javaEnvironment,
        cwd: folder,
        ...account,
        logFile,
        reaper,
      }),
    ready: (child) => untilReady(child, { check: () => isHealthy(url), timeoutMs: 180_000, intervalMs: 200 }),
    stopTimeoutMs: 30_000,
  });
  return Object.assign(engine, { url });
}

/** The distribution's own configuration with our settings in place of its. */
async function writeConfiguration(home: string, configuration: string, settings: string): Promise<void> {
  await cp(join(home, 'config'), configuration, { recursive: true });
  const files = { 'opensearch.yml': settings, 'log4j2.properties': loggingSettings };
  for (const [file, content] of Object.entries(files)) {
    const path = join(configuration, file);
    await writeFile(path, content);
    // The server only reads it, under an account that does not own it.
    await chmod(path, 0o644);
  }
}

function nodeSettings(ports: OpenSearchOptions['ports'], folder: string): string {
  const settings = {
    'cluster.name': 'local',
    'node.name': 'local',
    'discovery.type': 'single-node',
    'network.host': host,
    'http.port': ports.opensearch,
    'transport.port': ports.opensearchTransport,
    'path.data': join(folder, 'data'),
    'path.logs': join(folder, 'logs'),
    'cluster.routing.allocation.disk.threshold_enabled': false,
    // The serial collector frees memory late: judged by real use, requests would be answered with 429.
    'indices.breaker.total.use_real_memory': false,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** What the distribution's start script would give, and a small fixed heap. */
function jvmOptions(home: string, folder: string): string[] {
  return [
    ...javaOptions,
    `-Xms${heap}`,
    `-Xmx${heap}`,
    '-Dfile.encoding=UTF-8',
    '-Djava.awt.headless=true',
    '-Dlog4j.shutdownHookEnabled=false',
    '-Dlog4j2.disable.jmx=true',
    `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
    `-XX:ErrorFile=${join(folder, 'logs', 'hs_err_pid%p.log')}`,
    `-javaagent:${join(home, 'agent', 'opensearch-agent.jar')}`,
    '--add-opens=java.base/java.nio=ALL-UNNAMED',
    '--add-modules=jdk.incubator.vector',
    '--enable-native-access=ALL-UNNAMED',
    `-Dopensearch.path.home=${home}`,
    `-Dopensearch.path.conf=${join(folder, 'config')}`,
    '-Dopensearch.distribution.type=zip',
    '-Dopensearch.bundled_jdk=false',
    '-cp',
    join(home, 'lib', '*'),
  ];
}

const healthSchema = z.object({ status: z.enum(['green', 'yellow', 'red']) });

/** Yellow serves too: an index with replicas never gets greener on one node. */
async function isHealthy(url: string): Promise<boolean> {
  return healthSchema.parse(await getJson(`${url}/_cluster/health`)).status !== 'red';
}

const loggingSettings = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d] %-5p %m (%c)%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`;
