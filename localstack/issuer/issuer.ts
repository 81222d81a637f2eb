import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { z } from 'zod';
import { roles } from '../../functions/api/access/role.ts';
import { jwksPath } from '../../lib/stage/local.ts';

/** What a token is to say. */
export const tokenRequest = z.strictObject({
  role: z.enum(roles),
  /** User id. */
  user: z.string().min(1).max(200),
  /** Seconds from now; negative for one that has expired. */
  expiresIn: z
    .int()
    .min(-86_400)
    .max(30 * 86_400),
  /** Another audience than the API's. */
  audience: z.string().min(1).optional(),
});

/** The development issuer: publishes its keys, and gives anyone on this machine the token that he asks for. */
export interface Issuer {
  /** Base URL, and `iss` of its tokens. */
  readonly url: string;
  /** Signs with a new key from now on; the former stays published, as an issuer that rotates does it. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export interface IssuerOptions {
  /** 0 for any. */
  readonly port: number;
  readonly audience: string;
}

const host = '127.0.0.1';
const algorithm = 'ES256';

/** Starts the issuer with a key of its own; nothing of it outlives the process. */
export async function startIssuer({ port, audience }: IssuerOptions): Promise<Issuer> {
  const published: JWK[] = [];
  let current = await newKey(published);
  let url = '';
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
    if (request.headers.host !== new URL(url).host)
      return answer(421, 'text/plain', 'This is for this machine alone\n');
    if (request.method === 'GET' && request.url === jwksPath) {
      return answer(200, 'application/json', JSON.stringify({ keys: published }));
    }
    if (request.method !== 'POST' || request.url !== '/token') return answer(404, 'text/plain', 'Nothing is here\n');
    return issue(request).then(
      (token) => answer(200, 'text/plain', token),
      () => answer(400, 'text/plain', 'Not a request for a token\n'),
    );
  });

  async function issue(request: IncomingMessage): Promise<string> {
    const { role, user, expiresIn, audience: other } = tokenRequest.parse(JSON.parse(await text(request)));
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ role })
      .setProtectedHeader({ alg: algorithm, kid: current.kid })
      .setIssuer(url)
      .setAudience(other ?? audience)
      .setSubject(user)
      .setIssuedAt(Math.min(now, now + expiresIn))
      .setExpirationTime(now + expiresIn)
      .sign(current.privateKey);
  }

  const bound = await listen(server, port);
  url = `http://${host}:${bound}`;
  return {
    url,
    async rotate() {
      current = await newKey(published);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function newKey(published: JWK[]) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const kid = `dev-${published.length + 1}`;
  published.push({ ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' });
  return { kid, privateKey };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/** Asks a development issuer for a token. @throws Error if it does not answer with one. */
export async function fetchToken(issuer: string, request: z.input<typeof tokenRequest>): Promise<string> {
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: JSON.stringify(request) });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer.trim());
  return answer;
}
