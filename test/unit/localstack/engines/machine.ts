import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { CacheLayout } from '../../../../localstack/engines/cache.ts';
import type { Machine } from '../../../../localstack/engines/prerequisites.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder of this test's own, removed after it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nlj-engines-test-'));
  folders.push(folder);
  return folder;
}

/** Writes an executable shell script and returns its path. */
export function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A layout with an empty cache and small stand-ins for the clone's files. */
export function emptyLayout(folder: string): CacheLayout {
  const layout = {
    cache: join(folder, 'cache'),
    pom: join(folder, 'pom.xml'),
    lock: join(folder, 'requirements.lock'),
  };
  writeFileSync(layout.pom, '<project/>');
  writeFileSync(layout.lock, 'localstack-core==4.14.0\n');
  return layout;
}

/** A machine with nothing but a folder in PATH, and plenty of disk. */
export function bareMachine(folder: string, changes: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    env: { PATH: join(folder, 'path') },
    home: join(folder, 'home'),
    javaRoots: [join(folder, 'jvm')],
    javaHomeTool: join(folder, 'java_home'),
    programFolders: [join(folder, 'usr-bin')],
    postgresFault: () => undefined,
    freeBytes: async () => 10 * 1024 ** 3,
    ...changes,
  };
}

export const java = (version: string) => `echo 'openjdk version "${version}" 2025-04-15' >&2`;
export const python = (version: string) => `echo ${version}; echo venv`;
export const maven = "echo 'Apache Maven 3.9.9 (8e8579a9)'";
