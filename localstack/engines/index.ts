import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureJavaEngines, ensureLocalStack } from './downloads.ts';
import type { Engine } from './engine.ts';
import { type KafkaEngine, startKafka } from './kafka.ts';
import { type LocalStackEngine, startLocalStack } from './localstack.ts';
import { type OpenSearchEngine, startOpenSearch } from './opensearch.ts';
import type { Ports } from './ports.ts';
import { type PostgresEngine, startPostgres } from './postgres.ts';
import type { Tools } from './prerequisites.ts';
import type { Reaper } from './reaper.ts';

export type { Engine } from './engine.ts';

export interface Engines {
  readonly kafka: KafkaEngine;
  readonly postgres: PostgresEngine;
  readonly opensearch: OpenSearchEngine;
  readonly localstack: LocalStackEngine;
}

export interface StartOptions {
  readonly ports: Ports;
  /** Data and logs of this run. It is removed at the end, by the reaper if not by an orderly stop. */
  readonly runDirectory: string;
  readonly tools: Tools;
  readonly progress: (line: string) => void;
  readonly reaper: Reaper;
  /** What clients are told, where a proxy that makes faults stands before an engine. */
  readonly advertised?: Partial<Pick<Ports, 'kafka' | 'postgres' | 'opensearch'>>;
}

/** Downloads what is missing, then starts the engines side by side and LocalStack with them. */
export async function startEngines(options: StartOptions): Promise<Engines> {
  const { ports, runDirectory, tools, progress, reaper, advertised = {} } = options;
  await mkdir(runDirectory, { recursive: true });
  reaper.removeAtEnd(runDirectory);
  const logFile = (name: string) => join(runDirectory, 'logs', `${name}.log`);
  const [java, environment] = await Promise.all([
    ensureJavaEngines({ maven: tools.maven, progress }),
    ensureLocalStack({ python: tools.python, progress }),
  ]);

  const started: Engine[] = [];
  const report = async <Started extends Engine>(starting: Promise<Started>): Promise<Started> => {
    const begin = performance.now();
    const engine = await starting;
    started.push(engine);
    progress(`${engine.name} is ready after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    return engine;
  };
  const postgres = report(
    startPostgres({ directory: runDirectory, logFile: logFile('postgres'), port: ports.postgres, reaper }),
  );
  const kafka = report(
    startKafka({
      java: tools.java,
      jars: java.kafka,
      directory: join(runDirectory, 'kafka'),
      logFile: logFile('kafka'),
      port: ports.kafka,
      controllerPort: ports.kafkaController,
      reaper,
      ...(advertised.kafka === undefined ? {} : { advertisedPort: advertised.kafka }),
    }),
  );
  const opensearch = report(
    startOpenSearch({
      java: tools.java,
      home: java.opensearch,
      directory: runDirectory,
      logFile: logFile('opensearch'),
      port: ports.opensearch,
      transportPort: ports.opensearchTransport,
      reaper,
    }),
  );
  const localstack = postgres.then(({ host, port, adminUrl }) =>
    report(
      startLocalStack({
        environment,
        node: tools.node,
        directory: join(runDirectory, 'localstack'),
        logFile: logFile('localstack'),
        port: ports.aws,
        kafka: `127.0.0.1:${advertised.kafka ?? ports.kafka}`,
        postgres: { host, port: advertised.postgres ?? port, adminUrl },
        opensearch: `http://127.0.0.1:${advertised.opensearch ?? ports.opensearch}`,
        reaper,
      }),
    ),
  );
  const all = [kafka, postgres, opensearch, localstack] as const;
  try {
    const [k, p, o, l] = await Promise.all(all);
    return { kafka: k, postgres: p, opensearch: o, localstack: l };
  } catch (error) {
    await Promise.allSettled(all);
    await Promise.allSettled(started.map((engine) => engine.stop()));
    throw error;
  }
}

/** Stops them in the order in which they depend on each other. */
export async function stopEngines({ localstack, kafka, postgres, opensearch }: Engines): Promise<void> {
  await localstack.stop();
  await Promise.all([kafka.stop(), postgres.stop(), opensearch.stop()]);
}
