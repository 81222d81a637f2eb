/** Lets a loop wait for a time or until something has changed, whichever is first. */
export interface Signal {
  /** Wakes every waiter. */
  notify(): void;
  /** Resolves after the time, or at the next `notify`. Without a time it waits for `notify` alone. */
  wait(ms?: number): Promise<void>;
}

export function createSignal(): Signal {
  const waiters = new Set<() => void>();
  return {
    notify() {
      for (const wake of [...waiters]) {
        wake();
      }
    },
    wait(ms) {
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiters.delete(wake);
          resolve();
        };
        const timer = ms === undefined ? undefined : setTimeout(wake, ms);
        waiters.add(wake);
      });
    },
  };
}

/** Resolves after a time, or at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
