import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { type CacheLayout, cacheLayout, hasJavaEngines, hasLocalStack } from './cache.ts';
import { findJava, findMaven, findPython } from './interpreters.ts';
import { postgresPackage } from './postgres-package.ts';

/** Programs of the machine that the engines run on. */
export interface Tools {
  /** Java 21 or later. */
  readonly java: string;
  /** Present only if the Java engines have to be downloaded. */
  readonly maven?: string;
  /** Python 3.13. Present only if LocalStack has to be downloaded. */
  readonly python?: string;
}

/** What the search sees of the machine; tests give their own. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Folders with one Java home each. */
  readonly javaRoots: readonly string[];
  /** Prints a Java home for a version, on macOS. */
  readonly javaHomeTool: string;
  /** Folders searched after PATH. */
  readonly programFolders: readonly string[];
  /** Why PostgreSQL's binaries are not installed, or undefined. */
  readonly postgresFault: () => string | undefined;
  /** Free bytes where a folder is or would be made. */
  readonly freeBytes: (folder: string) => Promise<number>;
}

export interface ToolSearch {
  /** Data and logs of this run go here; it need not exist yet. */
  readonly runDirectory: string;
  readonly layout?: CacheLayout;
  readonly machine?: Machine;
}

/** The tools, or one line for each thing that is missing: what was found, what is needed, what to do. */
export type ToolResult =
  | { readonly ok: true; readonly tools: Tools }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Looks for everything a start needs from the machine, and for nothing that an earlier start has already cached. */
export async function findTools({
  runDirectory,
  layout = cacheLayout(),
  machine = thisMachine(),
}: ToolSearch): Promise<ToolResult> {
  const needJavaEngines = !hasJavaEngines(layout);
  const needLocalStack = !hasLocalStack(layout);
  const download = needJavaEngines || needLocalStack;
  const [java, maven, python, diskFaults] = await Promise.all([
    findJava(machine),
    needJavaEngines ? findMaven(machine) : undefined,
    needLocalStack ? findPython(machine) : undefined,
    findDiskFaults(machine, [layout.cache, runDirectory], download),
  ]);
  const faults = [java, maven, python].flatMap((found) => (found?.fault === undefined ? [] : [found.fault]));
  const postgresFault = machine.postgresFault();
  if (postgresFault !== undefined) faults.push(postgresFault);
  faults.push(...diskFaults);
  if (faults.length > 0 || java.path === undefined) return { ok: false, faults };
  return {
    ok: true,
    tools: {
      java: java.path,
      ...(maven?.path !== undefined && { maven: maven.path }),
      ...(python?.path !== undefined && { python: python.path }),
    },
  };
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    javaRoots: ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines'],
    javaHomeTool: '/usr/libexec/java_home',
    programFolders: ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'],
    postgresFault: () => {
      const found = postgresPackage();
      return found.ok ? undefined : found.fault;
    },
    freeBytes,
  };
}

const gibibyte = 1024 ** 3;

async function findDiskFaults(machine: Machine, folders: readonly string[], download: boolean): Promise<string[]> {
  const needed = download ? 3 : 1;
  const faults = await Promise.all(
    folders.map(async (folder) => {
      const free = await machine.freeBytes(folder);
      if (free >= needed * gibibyte) return [];
      const remedy = download ? 'free some space, or set NLJ_CACHE_DIR or TMPDIR to another disk' : 'free some space';
      return [`Disk: ${(free / gibibyte).toFixed(1)} GiB free at ${folder}, needed ${needed} GiB. Remedy: ${remedy}.`];
    }),
  );
  return faults.flat();
}

async function freeBytes(folder: string): Promise<number> {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  return bavail * bsize;
}
