import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from './listen.ts';

/** A request on its way to the server. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the client gets: an answer, or its connection ended. */
export type HttpAnswer =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
  | 'cut';

/** Decides on one exchange; `next` asks the rules below it, and at last the server, with this request or another. */
export type HttpRule = (asked: HttpRequest, next: (asked: HttpRequest) => Promise<HttpAnswer>) => Promise<HttpAnswer>;

/** A proxy before an HTTP server; without rules it forwards. */
export interface HttpProxy {
  /** Base URL. */
  readonly url: string;
  /** Puts a rule above the others; returns what takes it away. Exchanges that it holds are its own to let go. */
  use(rule: HttpRule): () => void;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. @param target base URL of the server. */
export async function startHttpProxy(target: string): Promise<HttpProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const rules: HttpRule[] = [];

  const forward = (asked: HttpRequest): Promise<HttpAnswer> =>
    new Promise((resolve) => {
      const headers = { ...asked.headers, host: `${hostname}:${targetPort}`, 'content-length': asked.body.length };
      const sent = request(
        { agent, hostname, port: targetPort, method: asked.method, path: asked.path, headers: withoutChunks(headers) },
        (answer) => {
          buffer(answer).then(
            (body) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body }),
            () => resolve('cut'),
          );
        },
      );
      sent.on('error', () => resolve('cut'));
      sent.end(asked.body);
    });

  /** The rules as they were when the exchange began. */
  const decide = (asked: HttpRequest, below: readonly HttpRule[]): Promise<HttpAnswer> => {
    const rule = below.at(-1);
    return rule === undefined ? forward(asked) : rule(asked, (next) => decide(next, below.slice(0, -1)));
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const answer = await decide({ method, path, headers, body: await buffer(incoming) }, [...rules]);
    if (answer === 'cut' || response.destroyed) return void incoming.socket.destroy();
    // The answer to HEAD names the length of a body that it does not have.
    const length = method === 'HEAD' ? {} : { 'content-length': answer.body.length };
    response.writeHead(answer.status, withoutChunks({ ...answer.headers, ...length }));
    response.end(answer.body);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    use(rule) {
      rules.push(rule);
      return () => {
        const at = rules.indexOf(rule);
        if (at >= 0) rules.splice(at, 1);
      };
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      agent.destroy();
      return closed;
    },
  };
}

/** Bodies are whole here: their length is said, and nothing of how they came. */
function withoutChunks<Headers extends IncomingHttpHeaders | Record<string, unknown>>(headers: Headers) {
  const { 'transfer-encoding': _chunked, connection: _connection, expect: _expect, ...rest } = headers;
  return rest;
}

/** A JSON answer. */
export function jsonAnswer(status: number, value: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}
