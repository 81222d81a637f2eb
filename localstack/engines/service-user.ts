import { execFile, spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { chown, cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Reaper } from './reaper.ts';

/** Who runs the engines that refuse to run as root. */
export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined unless this process is root. The number needs no account: it is `nobody` on Linux. */
export function serviceUser(): ServiceUser | undefined {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
}

/** Whether the user can read a file (and reach it: a clone under /root, mode 700, cannot be traversed). */
export function canRead(user: ServiceUser | undefined, file: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$1"', 'sh', file], { cwd: '/', ...user });
  return test.status === 0;
}

/** An empty folder of the user's own: below `parent` where the user can reach that, else below the system's tmp. */
export async function ownDirectory(
  user: ServiceUser | undefined,
  parent: string,
  name: string,
  reaper: Reaper,
): Promise<string> {
  await mkdir(parent, { recursive: true });
  const directory = canRead(user, parent) ? join(parent, name) : await mkdtemp(join(tmpdir(), `nlj-${name}-`));
  if (dirname(directory) !== parent) reaper.removeAtEnd(directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  return directory;
}

/** The folder `source`, or a copy of it in `directory` if the user cannot read `probe`, a file in it. */
export async function readableBy(
  user: ServiceUser | undefined,
  source: string,
  probe: string,
  directory: string,
): Promise<string> {
  if (canRead(user, join(source, probe))) return source;
  const copy = join(directory, 'program');
  await cp(source, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  await promisify(execFile)('chmod', ['-R', 'a+rX', copy]);
  return copy;
}
