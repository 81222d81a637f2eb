import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from './listen.ts';
import { createValve, type Valve } from './valve.ts';

/** A message that the proxy can see pass, on its way from one side. */
export interface Mark {
  readonly from: 'client' | 'server';
  readonly bytes: Buffer;
}

/** Points of a transaction: `committed` is the server's confirmation before it reaches the client. */
export const marks = {
  begin: { from: 'client', bytes: message('Q', 'begin') },
  commit: { from: 'client', bytes: message('Q', 'commit') },
  committed: { from: 'server', bytes: message('C', 'COMMIT') },
} as const satisfies Readonly<Record<string, Mark>>;

/** An error that the server reports, by its SQLSTATE. */
export function sqlState(code: string): Mark {
  return { from: 'server', bytes: Buffer.from(`\0C${code}\0`) };
}

/** A message as it stands on the wire: its type, its length, text that ends with a zero. */
function message(type: string, text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** A proxy before PostgreSQL: passes bytes, and can hold, delay, refuse and cut. */
export interface PostgresProxy {
  readonly port: number;
  /** Closed: connections stay open and nothing passes. */
  readonly valve: Valve;
  /** Milliseconds that every message waits. */
  delay: number;
  /** Whether new connections are closed at once. */
  refusing: boolean;
  /** Ends every connection; how many there were. */
  cut(): number;
  /** Runs work whenever a message passes, which waits for it; returns what ends that. */
  on(mark: Mark, work: () => Promise<void>): () => void;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startPostgresProxy(target: number): Promise<PostgresProxy> {
  const valve = createValve();
  const pairs = new Set<readonly [Socket, Socket]>();
  const watchers = new Set<{ readonly mark: Mark; readonly work: () => Promise<void> }>();
  const server = createServer((client) => {
    if (proxy.refusing) return void client.destroy();
    const upstream = connect({ port: target, host: '127.0.0.1' });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end);
    pump(client, upstream, 'client').then(end, end);
    pump(upstream, client, 'server').then(end, end);
  });

  async function pump(from: Socket, to: Socket, side: Mark['from']): Promise<void> {
    for await (const part of from) {
      const bytes = Buffer.from(part);
      for (const { mark, work } of [...watchers]) {
        if (mark.from === side && bytes.includes(mark.bytes)) await work();
      }
      await valve.pass();
      if (proxy.delay > 0) await sleep(proxy.delay);
      if (!to.destroyed) to.write(bytes);
    }
  }

  const port = await listen(server);
  const proxy: PostgresProxy = {
    port,
    valve,
    delay: 0,
    refusing: false,
    cut() {
      const open = [...pairs];
      for (const sockets of open) for (const socket of sockets) socket.destroy();
      return open.length;
    },
    on(mark, work) {
      const watcher = { mark, work };
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    close() {
      valve.open();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      proxy.cut();
      return closed;
    },
  };
  return proxy;
}
