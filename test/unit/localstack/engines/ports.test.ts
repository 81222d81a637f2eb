import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { assertPortsFree, PortError, portsFrom } from '../../../../localstack/engines/ports.ts';

const servers: Server[] = [];

afterEach(release);

async function release(): Promise<void> {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
}

/** Takes a free port and keeps it. */
function occupy(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    servers.push(server);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no address'));
      else resolve(address.port);
    });
  });
}

async function freePorts(count: number): Promise<number[]> {
  const ports = await Promise.all(Array.from({ length: count }, occupy));
  await release();
  return ports;
}

describe('ports', () => {
  it('has defaults', () => {
    expect(portsFrom()).toEqual({
      kafka: 19092,
      kafkaController: 19093,
      postgres: 15432,
      opensearch: 19200,
      opensearchTransport: 19201,
      aws: 4566,
      issuer: 18088,
    });
  });

  it('moves every port by the offset, except those named', () => {
    expect(portsFrom({ offset: 100, overrides: { kafka: 9092 } })).toMatchObject({ kafka: 9092, aws: 4666 });
  });

  it('refuses ports out of range', () => {
    expect(() => portsFrom({ offset: 50_000 })).toThrow(/Port 69092 for Kafka is not between 1 and 65535/);
    expect(() => portsFrom({ overrides: { aws: Number.NaN } })).toThrow(/--aws-port/);
  });

  it('refuses one port for two purposes', () => {
    expect(() => portsFrom({ overrides: { kafka: 15432 } })).toThrow(
      'Port 15432 is given to both Kafka and PostgreSQL. Remedy: change --kafka-port or --postgres-port.',
    );
  });

  it('names the port in use, what it is for and the remedy, in one line', async () => {
    const taken = await occupy();
    const check = assertPortsFree(portsFrom({ offset: 31_000, overrides: { kafka: taken } }));
    await expect(check).rejects.toThrow(PortError);
    await expect(check).rejects.toThrow(
      `Port ${taken} for Kafka is in use. Remedy: move every port with npm start -- --port-offset 100, or this one with --kafka-port.`,
    );
  });

  it('names a port at which browsers and fetch ask nothing', () => {
    expect(() => portsFrom({ offset: 2_000 })).toThrow(
      'Port 6566 for LocalStack is one that browsers and fetch refuse. Remedy: choose another --port-offset or --aws-port.',
    );
    expect(portsFrom({ overrides: { kafka: 6_566 } }).kafka).toBe(6_566);
  });

  it('leaves free ports free', async () => {
    const [kafka, kafkaController, postgres, opensearch, opensearchTransport, aws, issuer] = await freePorts(7);
    const ports = portsFrom({
      overrides: { kafka, kafkaController, postgres, opensearch, opensearchTransport, aws, issuer },
    });
    await assertPortsFree(ports);
    await assertPortsFree(ports);
  });
});
