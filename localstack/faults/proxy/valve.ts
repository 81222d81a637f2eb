/** Lets pass or holds back whoever waits at it. */
export interface Valve {
  close(): void;
  open(): void;
  /** Resolves at once while it is open, else when it opens. */
  pass(): Promise<void>;
}

/** A valve that is open. */
export function createValve(): Valve {
  let closed: { readonly opened: Promise<void>; readonly open: () => void } | null = null;
  return {
    close() {
      if (closed !== null) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      closed = { opened: promise, open: resolve };
    },
    open() {
      closed?.open();
      closed = null;
    },
    pass: () => closed?.opened ?? Promise.resolve(),
  };
}
