import { Agent, request } from 'node:http';
import type { Client } from '@opensearch-project/opensearch';
import type pg from 'pg';

/** One request that a handler sent to a store, and when: milliseconds of `performance.now()`. */
export interface StoreRequest {
  readonly began: number;
  readonly ended: number;
  /** Sends exactly this again, and reads the answer to its end. */
  readonly send: () => Promise<void>;
}

/** What goes over the wire, between `begin` and `take`. */
export interface Wire {
  /** The pool, as the handler has it. */
  readonly pool: pg.Pool;
  begin(): void;
  take(): readonly StoreRequest[];
  close(): Promise<void>;
}

type Querying = Pick<pg.ClientBase, 'query'>;

/** Watches the requests of a pool and of a client. What asks both at once is seen as such. */
export function watch(pool: pg.Pool, search: Client, node: string): Wire {
  let seen: StoreRequest[] = [];
  const agent = new Agent({ keepAlive: true });
  const open = new Map<unknown, number>();
  search.on('request', (_error, { meta }) => open.set(meta.request.id, performance.now()));
  search.on('response', (_error, { meta }) => {
    const { method, path, querystring, body } = meta.request.params;
    const url = new URL(
      `${path}${querystring === undefined || querystring === '' ? '' : `?${String(querystring)}`}`,
      node,
    );
    const text = typeof body === 'string' ? body : null;
    const type = text?.endsWith('\n') === true ? 'application/x-ndjson' : 'application/json';
    const began = open.get(meta.request.id) ?? performance.now();
    open.delete(meta.request.id);
    seen.push({ began, ended: performance.now(), send: () => exchange(agent, url, method, text, type) });
  });
  /** What asks PostgreSQL, seen. Statements of a transaction are sent again on one connection, in their order. */
  const watched = <Asking extends pg.Pool | pg.PoolClient>(asking: Asking, again: () => Promise<Querying>): Asking =>
    new Proxy(asking, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        if (property === 'connect') return async () => watched(await pool.connect(), connection);
        if (property !== 'query') return member.bind(target);
        return async (text: string, values?: unknown[]) => {
          const began = performance.now();
          try {
            return await target.query(text, values);
          } finally {
            const send = async () => void (await (await again()).query(text, values));
            seen.push({ began, ended: performance.now(), send });
          }
        };
      },
    });
  let single: Promise<pg.PoolClient> | null = null;
  const connection = (): Promise<pg.PoolClient> => {
    single ??= pool.connect();
    return single;
  };
  return {
    pool: watched(pool, async () => pool),
    async close() {
      (await single)?.release();
      agent.destroy();
    },
    begin() {
      seen = [];
    },
    take() {
      return [...seen].sort((left, right) => left.began - right.began);
    },
  };
}

/** Sends requests as they were sent: those together that were under way together, one after the other the rest. */
export async function replay(requests: readonly StoreRequest[]): Promise<void> {
  for (const wave of waves(requests)) await Promise.all(wave.map(({ send }) => send()));
}

/** Milliseconds in which at least one of them was under way. They come in the order of their beginnings. */
export function underWay(requests: readonly StoreRequest[]): number {
  return waves(requests).reduce((sum, wave) => {
    const began = wave[0]?.began ?? 0;
    return sum + Math.max(...wave.map(({ ended }) => ended)) - began;
  }, 0);
}

function waves(requests: readonly StoreRequest[]): StoreRequest[][] {
  const found: StoreRequest[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const item of requests) {
    const current = found.at(-1);
    if (current !== undefined && item.began < end) current.push(item);
    else found.push([item]);
    end = Math.max(end, item.ended);
  }
  return found;
}

/** Plain HTTP over a kept connection: nothing of a client but what the protocol asks for. */
function exchange(agent: Agent, url: URL, method: string, body: string | null, type: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = body === null ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) };
    const sent = request(url, { agent, method, headers }, (response) => {
      response.on('end', () => resolve()).on('error', reject);
      response.resume();
    });
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}
