import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JavaEngines, LocalStackInstallation, Progress } from './downloads.ts';
import type { Engine } from './engine.ts';
import { createKafka, type KafkaEngine } from './kafka.ts';
import { createLocalStack, type FunctionProcessOptions, type LocalStackEngine } from './localstack.ts';
import { createOpenSearch, type OpenSearchEngine } from './opensearch.ts';
import type { Ports } from './ports.ts';
import { createPostgres, type PostgresEngine } from './postgres.ts';
import { isOpenToOthers } from './reachable.ts';
import type { Reaper } from './reaper.ts';
import { serverAccount } from './run-folder.ts';

export interface Engines {
  readonly kafka: KafkaEngine;
  readonly postgres: PostgresEngine;
  readonly opensearch: OpenSearchEngine;
  readonly localstack: LocalStackEngine;
}

/** What the engines are made of. */
export interface EngineTools {
  readonly java: JavaEngines;
  readonly localstack: LocalStackInstallation;
}

export interface StartEnginesOptions {
  readonly ports: Ports;
  /** Data and logs of this run. The caller removes it. */
  readonly runDirectory: string;
  readonly tools: EngineTools;
  readonly progress: Progress;
  readonly reaper: Reaper;
  readonly functions?: FunctionProcessOptions | undefined;
}

/** Starts all engines at once, with empty stores. The first to fail ends the others. */
export async function startEngines(options: StartEnginesOptions): Promise<Engines> {
  const { ports, runDirectory, tools, progress, reaper, functions } = options;
  await prepareRunFolder(runDirectory);
  const kafka = createKafka({ java: tools.java, ports, runDirectory, reaper });
  const postgres = createPostgres({ ports, runDirectory, reaper });
  const opensearch = createOpenSearch({ java: tools.java, ports, runDirectory, reaper });
  const localstack = createLocalStack({
    localstack: tools.localstack,
    ports,
    runDirectory,
    reaper,
    kafka: kafka.bootstrap,
    postgresAdminUrl: postgres.adminUrl,
    opensearch: opensearch.url,
    functions,
  });
  const engines = { kafka, postgres, opensearch, localstack };
  const starting = Object.values(engines).map((engine) => start(engine, progress));
  try {
    await Promise.all(starting);
  } catch (error) {
    await killAll(Object.values(engines), starting);
    throw error;
  }
  return engines;
}

/** Ends engines that are on their way: one may still be preparing its data, and has no process to end yet. */
async function killAll(engines: readonly Engine[], starting: readonly Promise<void>[]): Promise<void> {
  let underway = true;
  const settled = Promise.allSettled(starting).then(() => {
    underway = false;
  });
  while (underway) {
    await Promise.all(engines.map((engine) => engine.kill()));
    await Promise.race([settled, sleep(50)]);
  }
  await Promise.all(engines.map((engine) => engine.kill()));
}

/** Stops all engines, those first that use the others. */
export async function stopEngines({ localstack, kafka, postgres, opensearch }: Engines): Promise<void> {
  await localstack.stop();
  await Promise.all([kafka, postgres, opensearch].map((engine) => engine.stop()));
}

async function start(engine: Engine, progress: Progress): Promise<void> {
  const begun = Date.now();
  await engine.start();
  progress(`${engine.name} is ready after ${((Date.now() - begun) / 1_000).toFixed(1)} s`);
}

/**
 * Makes the run folder. The servers' account may pass through it; only its owner may list it.
 * @throws Error with the remedy if that account cannot reach it.
 */
export async function prepareRunFolder(runDirectory: string): Promise<void> {
  await mkdir(join(runDirectory, 'logs'), { recursive: true });
  if (serverAccount().uid === undefined) return;
  await chmod(runDirectory, 0o711);
  if (await isOpenToOthers(runDirectory)) return;
  throw new Error(
    `Root's engines run as another user, who cannot enter ${runDirectory}. Remedy: set TMPDIR to a folder open to all, or start as another user.`,
  );
}
