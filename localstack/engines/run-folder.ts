import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** User and group for servers that refuse to run as root; undefined values leave them as they are. */
export interface Account {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** `nobody` on most systems. The numbers suffice: no account has to exist. */
const unprivileged = 65_534;

/** The account for PostgreSQL and OpenSearch: an unprivileged one if this process is root's, else its own. */
export function serverAccount(): Account {
  const root = process.getuid?.() === 0;
  return root ? { uid: unprivileged, gid: unprivileged } : { uid: undefined, gid: undefined };
}

/** Makes a folder of the run that only one account may enter. */
export async function ownFolder(path: string, { uid, gid }: Account): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
  return path;
}

/** Where an engine's output goes. */
export function logFileOf(runDirectory: string, name: string): string {
  return join(runDirectory, 'logs', `${name}.log`);
}

/** Where an engine's programs are copied if its account cannot read the originals. */
export function programsFolder(runDirectory: string, name: string): string {
  return join(runDirectory, 'programs', name);
}
