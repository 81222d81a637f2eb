import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where downloads are kept, and the files of the clone that say what is downloaded. */
export interface CacheLayout {
  /** The cache shared by all clones of this user. */
  readonly cache: string;
  /** Maven file that brings Kafka and OpenSearch. */
  readonly pom: string;
  /** Pinned Python packages of LocalStack. */
  readonly lock: string;
}

/** `$NLJ_CACHE_DIR`, else `$XDG_CACHE_HOME/nlj-event-platform`, else `~/.cache/nlj-event-platform`. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env, home = homedir()): string {
  const { NLJ_CACHE_DIR: own, XDG_CACHE_HOME: shared } = env;
  if (own !== undefined && own !== '') return own;
  return join(shared !== undefined && shared !== '' ? shared : join(home, '.cache'), 'nlj-event-platform');
}

/** The layout of this clone. */
export function cacheLayout(env: NodeJS.ProcessEnv = process.env): CacheLayout {
  return {
    cache: cacheDirectory(env),
    pom: fileURLToPath(new URL('./pom.xml', import.meta.url)),
    lock: fileURLToPath(new URL('../plugin/requirements.lock', import.meta.url)),
  };
}

/** Written last into every download; a folder without it is not one. */
export const completeMarker = '.complete';

/** Folder of the Java engines that this clone's Maven file describes, whether it is there or not. */
export function javaEnginesDirectory({ cache, pom }: CacheLayout): string {
  return join(cache, `java-${hash(readFileSync(pom))}`);
}

/** Folder of the Python environment that this clone's lock describes on this platform, whether it is there or not. */
export function localStackDirectory(layout: CacheLayout): string {
  return pythonDirectory(layout, 'localstack', layout.lock);
}

/** Folder of the Python environment that a lock file describes on this platform, whether it is there or not. */
export function pythonDirectory({ cache }: Pick<CacheLayout, 'cache'>, name: string, lock: string): string {
  return join(cache, `${name}-${hash(readFileSync(lock), process.platform, process.arch)}`);
}

/** The interpreter of a Python environment. */
export function venvPython(directory: string): string {
  return join(directory, 'bin', 'python');
}

/** True if the Java engines need no download. */
export function hasJavaEngines(layout: CacheLayout): boolean {
  return existsSync(join(javaEnginesDirectory(layout), completeMarker));
}

/** True if LocalStack needs no download. */
export function hasLocalStack(layout: CacheLayout): boolean {
  return hasPythonPackages(localStackDirectory(layout));
}

/** True if a Python environment is there as a whole. Its interpreter is a link: it dangles once that Python is uninstalled. */
export function hasPythonPackages(directory: string): boolean {
  return existsSync(join(directory, completeMarker)) && existsSync(venvPython(directory));
}

function hash(...parts: readonly (Buffer | string)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return digest.digest('hex').slice(0, 16);
}
