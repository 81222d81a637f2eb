import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from './listen.ts';
import { createValve, type Valve } from './valve.ts';

/**
 * Points of a transaction that the proxy sees pass: the message `begin` or `commit` before it reaches the server, and
 * the server's confirmation of a commit before it reaches the client.
 */
export type PostgresMoment = 'begin' | 'commit' | 'committed';

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
  /** Runs work whenever a moment comes, which waits for it; returns what ends that. */
  on(moment: PostgresMoment, work: () => Promise<void>): () => void;
  close(): Promise<void>;
}

/** A frontend's simple query and a backend's answer, as they stand on the wire. */
const marks: Readonly<Record<PostgresMoment, Buffer>> = {
  begin: simpleQuery('begin'),
  commit: simpleQuery('commit'),
  committed: message('C', 'COMMIT'),
};

function simpleQuery(text: string): Buffer {
  return message('Q', text);
}

function message(type: string, text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** Starts it on a free port of 127.0.0.1. */
export async function startPostgresProxy(target: number): Promise<PostgresProxy> {
  const valve = createValve();
  const pairs = new Set<readonly [Socket, Socket]>();
  const watchers = new Map<PostgresMoment, Set<() => Promise<void>>>();
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
    pump(client, upstream, ['begin', 'commit']).then(end, end);
    pump(upstream, client, ['committed']).then(end, end);
  });

  async function pump(from: Socket, to: Socket, moments: readonly PostgresMoment[]): Promise<void> {
    for await (const part of from) {
      const bytes = Buffer.from(part);
      for (const moment of moments) {
        if (!bytes.includes(marks[moment])) continue;
        for (const work of [...(watchers.get(moment) ?? [])]) await work();
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
    on(moment, work) {
      const works = watchers.get(moment) ?? new Set();
      watchers.set(moment, works);
      works.add(work);
      return () => works.delete(work);
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
