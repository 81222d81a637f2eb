import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Signals the group of a process and all its descendants; those that are gone are no error. The group alone is not
 * enough: PostgreSQL gives each of its processes a session, and so a group, of its own.
 * @returns the processes found
 */
export function signalTree(root: number, signal: NodeJS.Signals): number[] {
  const pids = processTree(root);
  signalAll([-root, ...pids], signal);
  return pids;
}

/** Signals processes, and groups given as negative numbers. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // ESRCH: gone. EPERM: macOS says so of a group that has only zombies.
    }
  }
}

/** True while there is such a process, or such a group if the number is negative. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process and its descendants. */
function processTree(root: number): number[] {
  const children = Map.groupBy(processTable(), ({ parent }) => parent);
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []).map((child) => child.pid));
  return found;
}

interface TableRow {
  readonly pid: number;
  readonly parent: number;
}

/** `/proc` where there is one: slim systems have no `ps`. */
function processTable(): TableRow[] {
  if (process.platform !== 'linux') {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    return [...table.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)].map(([, pid, parent]) => row(pid, parent));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(name);
      // The name before the state may hold spaces and parentheses.
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return parent === undefined ? [] : [row(name, parent)];
    });
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function row(pid: string | undefined, parent: string | undefined): TableRow {
  return { pid: Number(pid), parent: Number(parent) };
}
