import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tokenVerifier } from '../../../functions/api/access/token.ts';
import { fetchToken, type Issuer, startIssuer } from '../../../localstack/issuer/issuer.ts';

const audience = 'nlj-analytics';
const ann = { role: 'CREATOR', user: 'ann', expiresIn: 600 } as const;
let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer({ port: 0, audience });
});
afterAll(() => issuer.close());

const verifier = (more: Partial<Parameters<typeof tokenVerifier>[0]> = {}) =>
  tokenVerifier({ jwksUrl: `${issuer.url}/.well-known/jwks.json`, issuer: issuer.url, audience, ...more });

describe('a token', () => {
  it('of the issuer says who calls', async () => {
    const verify = verifier();
    expect(await verify(`Bearer ${await fetchToken(issuer.url, ann)}`)).toEqual({
      kind: 'valid',
      claims: { userId: 'ann', role: 'CREATOR' },
    });
  });

  it.each([undefined, '', ' '])('is missing: %o', async (header) => {
    expect(await verifier()(header)).toEqual({ kind: 'missing' });
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer x', 'Bearer a.b.c'])('is none: %s', async (header) => {
    expect(await verifier()(header)).toMatchObject({ kind: 'invalid' });
  });

  it('is good for a minute more than it says, as clocks differ', async () => {
    const verify = verifier();
    expect((await verify(`Bearer ${await fetchToken(issuer.url, { ...ann, expiresIn: -30 })}`)).kind).toBe('valid');
    expect(await verify(`Bearer ${await fetchToken(issuer.url, { ...ann, expiresIn: -90 })}`)).toEqual({
      kind: 'invalid',
      reason: 'The token has expired',
    });
  });

  it('for another audience is none', async () => {
    const token = await fetchToken(issuer.url, { ...ann, audience: 'another' });
    expect(await verifier()(`Bearer ${token}`)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining('audience'),
    });
  });

  it('of another issuer is none', async () => {
    const token = await fetchToken(issuer.url, ann);
    const verify = verifier({ issuer: 'https://id.nlj.example' });
    expect(await verify(`Bearer ${token}`)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining('issuer'),
    });
  });
});

describe('a token that somebody else made', () => {
  const claims = { role: 'ADMIN', sub: 'eve', iss: '', aud: audience, exp: Math.floor(Date.now() / 1_000) + 600 };
  beforeEach(() => {
    claims.iss = issuer.url;
  });

  it('with a key of his own', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    for (const kid of ['dev-1', 'eve']) {
      const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
      expect(await verifier()(`Bearer ${token}`)).toMatchObject({ kind: 'invalid' });
    }
  });

  it('without a signature', async () => {
    expect(await verifier()(`Bearer ${new UnsecuredJWT(claims).encode()}`)).toMatchObject({ kind: 'invalid' });
  });

  it('with the public key as the secret of an HMAC', async () => {
    const published = await (await fetch(`${issuer.url}/.well-known/jwks.json`)).text();
    const secret = new TextEncoder().encode(JSON.stringify(JSON.parse(published).keys[0]));
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'dev-1' }).sign(secret);
    expect(await verifier()(`Bearer ${token}`)).toMatchObject({ kind: 'invalid' });
  });
});

describe('claims', () => {
  let server: Server;
  let url = '';
  let fetched = 0;
  let status = 200;
  let body = '';
  const keys = generateKeyPair('RS256');
  beforeAll(async () => {
    body = JSON.stringify({ keys: [{ ...(await exportJWK((await keys).publicKey)), kid: 'r', alg: 'RS256' }] });
    server = createServer((_, response) => {
      fetched += 1;
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  });
  afterAll(() => server.close());

  const sign = async (claims: Record<string, unknown>, kid = 'r') =>
    new SignJWT({ iss: 'i', aud: audience, exp: Math.floor(Date.now() / 1_000) + 600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign((await keys).privateKey);

  it.each<[Record<string, unknown>, string]>([
    [{ role: 'ADMIN' }, 'no user'],
    [{ sub: 'ann' }, 'no role'],
    [{ sub: 'ann', role: 'ROOT' }, 'a role that is not known'],
    [{ sub: 'ann', role: ['ADMIN'] }, 'roles instead of a role'],
    [{ sub: 'ann', role: 'ADMIN', exp: undefined }, 'no expiry'],
    [{ sub: 'ann', role: 'ADMIN', nbf: 9_999_999_999 }, 'not valid yet'],
  ])('%o is none: %s', async (claims) => {
    const verify = verifier({ jwksUrl: url, issuer: 'i' });
    expect(await verify(`Bearer ${await sign(claims)}`)).toMatchObject({ kind: 'invalid' });
  });

  it('are verified by keys that are fetched once, and once more for a key that is not known', async () => {
    const verify = verifier({ jwksUrl: url, issuer: 'i', cooldownMillis: 0 });
    const token = await sign({ sub: 'ann', role: 'ADMIN' });
    fetched = 0;
    for (let times = 0; times < 3; times += 1) expect((await verify(`Bearer ${token}`)).kind).toBe('valid');
    expect(fetched).toBe(1);
    expect(await verify(`Bearer ${await sign({ sub: 'ann', role: 'ADMIN' }, 'unknown')}`)).toMatchObject({
      kind: 'invalid',
    });
    expect(fetched).toBe(2);
  });

  it('do not let strangers cause fetches: after one there is a pause', async () => {
    const verify = verifier({ jwksUrl: url, issuer: 'i', cooldownMillis: 60_000 });
    await verify(`Bearer ${await sign({ sub: 'ann', role: 'ADMIN' })}`);
    fetched = 0;
    for (const kid of ['x', 'y', 'z']) await verify(`Bearer ${await sign({ sub: 'ann', role: 'ADMIN' }, kid)}`);
    expect(fetched).toBe(0);
  });

  it.each([
    [500, '{}'],
    [200, 'not JSON'],
    [200, '{"keys":7}'],
  ])('cannot be verified while the issuer answers %i %s', async (code, text) => {
    const [before, was] = [status, body];
    [status, body] = [code, text];
    try {
      const verify = verifier({ jwksUrl: url, issuer: 'i' });
      expect(await verify(`Bearer ${await sign({ sub: 'ann', role: 'ADMIN' })}`)).toEqual({ kind: 'unavailable' });
    } finally {
      [status, body] = [before, was];
    }
  });

  it('cannot be verified while the issuer is not there', async () => {
    const verify = verifier({ jwksUrl: 'http://127.0.0.1:1/keys', issuer: 'i' });
    expect(await verify(`Bearer ${await sign({ sub: 'ann', role: 'ADMIN' })}`)).toEqual({ kind: 'unavailable' });
  });
});

it('tokens of a new key are good at once, and those of the former stay so', async () => {
  const verify = verifier({ cooldownMillis: 0 });
  const before = await fetchToken(issuer.url, ann);
  expect((await verify(`Bearer ${before}`)).kind).toBe('valid');
  await issuer.rotate();
  expect((await verify(`Bearer ${await fetchToken(issuer.url, ann)}`)).kind).toBe('valid');
  expect((await verify(`Bearer ${before}`)).kind).toBe('valid');
});
