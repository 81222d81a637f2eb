import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine, type Engine, withProperties } from './engine.ts';
import { spawnChild } from './process.ts';
import type { Reaper } from './reaper.ts';
import { ownDirectory, readableBy, serviceUser } from './service-user.ts';

export interface OpenSearchOptions {
  readonly java: string;
  /** The unpacked distribution; nothing is written there. */
  readonly home: string;
  /** Folder of the run; the data lies below it, or below the system's tmp where the service user cannot reach it. */
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly transportPort: number;
  readonly reaper: Reaper;
}

export type OpenSearchEngine = Engine & { readonly url: string };

const host = '127.0.0.1';

/** One node with an empty data folder. */
export async function startOpenSearch(options: OpenSearchOptions): Promise<OpenSearchEngine> {
  const { java, logFile, port, transportPort, reaper } = options;
  const user = serviceUser();
  const own = await ownDirectory(user, options.directory, 'opensearch', reaper);
  const home = await readableBy(user, options.home, join('agent', 'opensearch-agent.jar'), own);
  const configuration = join(own, 'config');
  const temporary = join(own, 'tmp');
  for (const folder of [configuration, temporary]) {
    await mkdir(folder, { recursive: true });
    if (user !== undefined) await chown(folder, user.uid, user.gid);
  }
  const settings = {
    'cluster.name': 'nlj-local',
    'node.name': 'local',
    'discovery.type': 'single-node',
    'network.host': host,
    'http.port': port,
    'transport.port': transportPort,
    'path.data': join(own, 'data'),
    'path.logs': join(own, 'logs'),
    // A developer's disk is fuller than a server's.
    'cluster.routing.allocation.disk.threshold_enabled': false,
    // SerialGC frees late: the real memory would trip the breaker (429 circuit_breaking_exception).
    'indices.breaker.total.use_real_memory': false,
  };
  await writeFile(join(configuration, 'opensearch.yml'), `${JSON.stringify(settings, null, 2)}\n`);
  await writeFile(join(configuration, 'log4j2.properties'), log4j);

  const url = `http://${host}:${port}`;
  const engine = createEngine({
    name: 'OpenSearch',
    logFile,
    readyTimeoutMs: 120_000,
    launch: () =>
      spawnChild({
        name: 'OpenSearch',
        command: java,
        args: [
          ...['-Xms512m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xshare:auto', '-Xss1m'],
          ...['-Dfile.encoding=UTF-8', '-Djava.awt.headless=true', '-Dlog4j2.disable.jmx=true'],
          ...['-Dopensearch.networkaddress.cache.ttl=60', '-Dio.netty.noUnsafe=true', `-Djava.io.tmpdir=${temporary}`],
          ...['--add-modules=jdk.incubator.vector', '--add-opens=java.base/java.nio=ALL-UNNAMED'],
          ...['--enable-native-access=ALL-UNNAMED', `-javaagent:${join(home, 'agent', 'opensearch-agent.jar')}`],
          ...[`-Dopensearch.path.home=${home}`, `-Dopensearch.path.conf=${configuration}`],
          ...['-cp', join(home, 'lib', '*'), 'org.opensearch.bootstrap.OpenSearch'],
        ],
        env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: own },
        cwd: own,
        logFile,
        reaper,
        ...user,
      }),
    probe: async () => {
      const response = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`, {
        signal: AbortSignal.timeout(3000),
      });
      const health = await response.text();
      if (!response.ok) throw new Error(health);
    },
  });
  await engine.start();
  return withProperties(engine, { url });
}

const log4j = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`;
