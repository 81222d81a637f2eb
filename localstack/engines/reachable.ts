import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, readdir, readlink, realpath, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Account } from './run-folder.ts';

/**
 * A folder of programs that an account can read: the folder itself if all folders above let the account through, else a
 * copy in the run folder. A clone or cache below `/root` is open to root alone, and these servers do not run as root.
 */
export async function reachableCopy(source: string, copy: string, { uid }: Account): Promise<string> {
  if (uid === undefined || (await isOpenToOthers(source))) return source;
  await copyTree(source, copy);
  return copy;
}

/** True if every user may enter the folder and all above it. */
export async function isOpenToOthers(folder: string): Promise<boolean> {
  let path = await realpath(folder);
  for (;;) {
    const { mode } = await stat(path);
    if ((mode & constants.S_IXOTH) === 0) return false;
    const parent = dirname(path);
    if (parent === path) return true;
    path = parent;
  }
}

/**
 * Copies by hard link, which takes no space, and by content across file systems. Files are only added to: modes are those
 * of the source except that a file with a restrictive mode is copied rather than linked, so that the source stays as it is.
 */
async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else await copyReadable(from, to);
  }
}

async function copyReadable(from: string, to: string): Promise<void> {
  const { mode } = await stat(from);
  if ((mode & constants.S_IROTH) !== 0) {
    try {
      await link(from, to);
      return;
    } catch {
      // Another file system, or one without hard links.
    }
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, mode | constants.S_IROTH);
}
