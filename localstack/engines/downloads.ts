import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CacheLayout,
  cacheLayout,
  completeMarker,
  hasJavaEngines,
  hasLocalStack,
  hasPythonPackages,
  javaEnginesDirectory,
  localStackDirectory,
  pythonDirectory,
  venvPython,
} from './cache.ts';
import { javaHome } from './interpreters.ts';
import type { Tools } from './prerequisites.ts';
import { spawnChild } from './process.ts';
import { describeExit, lastLines } from './readiness.ts';
import type { Reaper } from './reaper.ts';

/** Receives one line at a time of what is being done. */
export type Progress = (line: string) => void;

export interface DownloadOptions {
  readonly layout?: CacheLayout | undefined;
  /** Ends a download and removes its half if this process dies. */
  readonly reaper?: Reaper | undefined;
}

export interface JavaEngines {
  /** Java to run them with. */
  readonly program: string;
  /** Folder with Kafka's jars. */
  readonly kafkaLibraries: string;
  readonly opensearchHome: string;
}

export interface LocalStackInstallation {
  /** Interpreter of the environment that has LocalStack. */
  readonly python: string;
}

/** Kafka and OpenSearch, with one Maven call if the cache does not have them. */
export async function ensureJavaEngines(
  tools: Tools,
  progress: Progress,
  { layout = cacheLayout(), reaper }: DownloadOptions = {},
): Promise<JavaEngines> {
  const directory = javaEnginesDirectory(layout);
  if (!hasJavaEngines(layout)) {
    const { maven } = tools;
    if (maven === undefined) throw new DownloadError('Kafka and OpenSearch are not in the cache and Maven is missing.');
    progress('Downloading Kafka and OpenSearch with Maven (about 210 MB, once)');
    await install(
      layout,
      directory,
      () => hasJavaEngines(layout),
      { reaper, progress },
      async (temporary, run) => {
        // A project in the cache, not in the clone: Maven writes beside its file, and clones may be read-only.
        const pom = join(temporary, 'pom.xml');
        await copyFile(layout.pom, pom);
        await run({
          what: 'Downloading Kafka and OpenSearch',
          command: maven,
          args: ['-q', '-B', '-ntp', '-f', pom, `-Dout=${temporary}`, 'generate-resources'],
          env: { ...process.env, JAVA_HOME: await javaHome(tools.java) },
        });
        opensearchHome(temporary);
      },
    );
  }
  return { program: tools.java, kafkaLibraries: join(directory, 'kafka'), opensearchHome: opensearchHome(directory) };
}

/** LocalStack in a Python environment of its own, with pip if the cache does not have it. */
export async function ensureLocalStack(
  tools: Tools,
  progress: Progress,
  { layout = cacheLayout(), reaper }: DownloadOptions = {},
): Promise<LocalStackInstallation> {
  const directory = localStackDirectory(layout);
  if (!hasLocalStack(layout)) {
    const { python } = tools;
    if (python === undefined) throw new DownloadError('LocalStack is not in the cache and Python 3.13 is missing.');
    progress('Downloading LocalStack with pip (about 500 MB, once)');
    await install(
      layout,
      directory,
      () => hasLocalStack(layout),
      { reaper, progress },
      (temporary, run) =>
        makeEnvironment(temporary, run, { interpreter: python, lock: layout.lock, name: 'LocalStack' }),
    );
  }
  return { python: venvPython(directory) };
}

export interface PythonPackages {
  /** Beginning of the name of their folder in the cache. */
  readonly name: string;
  /** File of pinned packages. */
  readonly lock: string;
}

/**
 * Python packages in an environment of their own, made by LocalStack's interpreter: for tools that need a running local
 * environment anyway.
 * @returns the environment's interpreter.
 */
export async function ensurePythonPackages(
  { name, lock }: PythonPackages,
  progress: Progress,
  { layout = cacheLayout(), reaper }: DownloadOptions = {},
): Promise<string> {
  const directory = pythonDirectory(layout, name, lock);
  const complete = () => hasPythonPackages(directory);
  if (!complete()) {
    progress(`Downloading ${name} with pip (once)`);
    const interpreter = venvPython(localStackDirectory(layout));
    await install(layout, directory, complete, { reaper, progress }, (temporary, run) =>
      makeEnvironment(temporary, run, { interpreter, lock, name }),
    );
  }
  return venvPython(directory);
}

interface EnvironmentParts {
  readonly interpreter: string;
  readonly lock: string;
  readonly name: string;
}

/** The environment is made under another name. Only its own scripts know that name, and none of them is used. */
async function makeEnvironment(
  temporary: string,
  run: Run,
  { interpreter, lock, name }: EnvironmentParts,
): Promise<void> {
  const env = { ...process.env, PYTHONNOUSERSITE: '1' };
  await run({ what: 'Making a Python environment', command: interpreter, args: ['-m', 'venv', temporary], env });
  const pip = ['-m', 'pip', '--require-virtualenv', '--disable-pip-version-check', 'install', '-q', '-r', lock];
  await run({ what: `Downloading ${name}`, command: venvPython(temporary), args: pip, env });
}

/** A download that did not succeed. The message ends with what to do. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

interface Step {
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** How often a running download tells how far it is. */
const progressMillis = 5_000;

type Run = (step: Step) => Promise<void>;

/**
 * Builds a folder of the cache under a name of its own and renames it when it is complete, so that two starts at once
 * do not meet and a failed one leaves nothing. Whoever is second keeps the first one's.
 */
async function install(
  { cache }: CacheLayout,
  target: string,
  complete: () => boolean,
  { reaper, progress }: { readonly reaper: Reaper | undefined; readonly progress: Progress },
  build: (temporary: string, run: Run) => Promise<void>,
): Promise<void> {
  let temporary: string | undefined;
  try {
    await mkdir(cache, { recursive: true });
    temporary = await mkdtemp(join(cache, '.partial-'));
    reaper?.addDirectory(temporary);
    const folder = temporary;
    await build(folder, (step) => runStep(step, folder, { reaper, progress }));
    await writeFile(join(folder, completeMarker), '');
    await moveInto(folder, target, complete);
  } catch (error) {
    throw withRemedy(error, cache);
  } finally {
    if (temporary !== undefined) {
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
      reaper?.removeDirectory(temporary);
    }
  }
}

async function moveInto(temporary: string, target: string, complete: () => boolean): Promise<void> {
  // What is there but not complete is of no use to anyone: an environment whose Python was uninstalled.
  if (existsSync(target) && !complete()) {
    const old = `${temporary}-old`;
    await rename(target, old);
    await rm(old, { recursive: true, force: true });
  }
  try {
    await rename(temporary, target);
  } catch (error) {
    if (!complete()) throw error;
  }
}

async function runStep(
  { what, command, args, env }: Step,
  folder: string,
  { reaper, progress }: { readonly reaper: Reaper | undefined; readonly progress: Progress },
): Promise<void> {
  const logFile = join(folder, '.download.log');
  const tick = setInterval(async () => progress(`${what}: ${await megabytesIn(folder)} MB so far`), progressMillis);
  const exit = await spawnChild({ name: what, command, args, env, cwd: folder, logFile, reaper }).exited;
  clearInterval(tick);
  if (exit.code === 0) return;
  const lines = lastLines(logFile, 8);
  if (lines.some((line) => /no space left|ENOSPC|errno 28/i.test(line))) throw new NoSpaceError();
  throw new DownloadError(
    [
      `${what} failed (${describeExit(exit)}): ${command} ended with`,
      ...lines.map((line) => `  ${line}`),
      'Remedy: see that the network and the proxy settings of Maven and pip are right, then start again; nothing half is kept.',
    ].join('\n'),
  );
}

/** Size of what a download has unpacked until now. Files may come and go meanwhile. */
async function megabytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  }
  return Math.round(bytes / 1e6);
}

class NoSpaceError extends Error {}

function withRemedy(error: unknown, cache: string): unknown {
  if (error instanceof NoSpaceError || (error instanceof Error && 'code' in error && error.code === 'ENOSPC')) {
    return new DownloadError(`The disk is full at ${cache}. Remedy: free 3 GiB, or set NLJ_CACHE_DIR to another disk.`);
  }
  return error;
}

/** The server's folder carries its version. */
function opensearchHome(directory: string): string {
  const name = readdirSync(directory).find((entry) => entry.startsWith('opensearch-'));
  if (name === undefined)
    throw new DownloadError(`${directory} has no OpenSearch. Remedy: remove that folder and start again.`);
  return join(directory, name);
}
