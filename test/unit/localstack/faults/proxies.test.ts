import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpProxy, jsonAnswer, startHttpProxy } from '../../../../localstack/faults/proxy/http-proxy.ts';
import { listen } from '../../../../localstack/faults/proxy/listen.ts';
import { marks, type PostgresProxy, startPostgresProxy } from '../../../../localstack/faults/proxy/postgres-proxy.ts';

describe("PostgreSQL's proxy", () => {
  let echo: Server;
  let proxy: PostgresProxy;
  let client: Socket;
  beforeEach(async () => {
    echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    proxy = await startPostgresProxy(await listen(echo));
    client = connect({ port: proxy.port, host: '127.0.0.1' });
    client.on('error', () => undefined);
    await once(client, 'connect');
  });
  afterEach(async () => {
    client.destroy();
    await proxy.close();
    echo.close();
  });
  const said = async (text: string | Buffer): Promise<string> => {
    client.write(text);
    const [answer] = await once(client, 'data');
    return String(answer);
  };

  it('passes bytes on, both ways', async () => {
    expect(await said('hello')).toBe('hello');
  });

  it('holds bytes while its valve is closed, and then passes them', async () => {
    proxy.valve.close();
    const answer = said('later');
    expect(await Promise.race([answer, sleep(50, 'nothing')])).toBe('nothing');
    proxy.valve.open();
    expect(await answer).toBe('later');
  });

  it('ends every connection when it cuts', async () => {
    await said('hello');
    const closed = once(client, 'close');
    expect(proxy.cut()).toBe(1);
    await closed;
  });

  it('runs work when a commit passes, before the server sees it, and not after it is disarmed', async () => {
    const commit = Buffer.from('Q\0\0\0\x0bcommit\0');
    let seen = 0;
    const disarm = proxy.on(marks.commit, async () => {
      seen += 1;
    });
    await said('Q\0\0\0\x0abegin\0');
    expect(seen).toBe(0);
    await said(commit);
    expect(seen).toBe(1);
    disarm();
    await said(commit);
    expect(seen).toBe(1);
  });
});

describe('the HTTP proxy', () => {
  let server: HttpProxy;
  let proxy: HttpProxy;
  beforeEach(async () => {
    server = await startHttpProxy('http://127.0.0.1:9');
    server.use(async ({ method, path, body }) => jsonAnswer(201, { method, path, body: body.toString() }));
    proxy = await startHttpProxy(server.url);
  });
  afterEach(async () => {
    await proxy.close();
    await server.close();
  });
  const asked = (path: string) => fetch(`${proxy.url}${path}`, { method: 'POST', body: 'text' });

  it('forwards request and answer', async () => {
    const answer = await asked('/a?b=c');
    expect([answer.status, await answer.json()]).toEqual([201, { method: 'POST', path: '/a?b=c', body: 'text' }]);
  });

  it('lets the topmost rule decide, which may ask those below with another request', async () => {
    proxy.use(async (request, next) => next({ ...request, path: `${request.path}/below` }));
    const end = proxy.use(async (request, next) => next({ ...request, path: `${request.path}/top` }));
    expect(await (await asked('/x')).json()).toMatchObject({ path: '/x/top/below' });
    end();
    expect(await (await asked('/x')).json()).toMatchObject({ path: '/x/below' });
  });

  it('cuts the connection where a rule says so, and where there is no server', async () => {
    const end = proxy.use(async () => 'cut');
    await expect(asked('/')).rejects.toThrow();
    end();
    await server.close();
    await expect(asked('/')).rejects.toThrow();
  });
});
