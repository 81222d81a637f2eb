/** Sends a signal to every process of a group. A group that is gone is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: gone. EPERM: macOS says so of a group that has only zombies.
  }
}

/** True while the group has a process. */
export function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
