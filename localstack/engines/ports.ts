import { createServer } from 'node:net';

/** The loopback ports of one local environment. */
export interface Ports {
  readonly kafka: number;
  readonly kafkaController: number;
  readonly postgres: number;
  readonly opensearch: number;
  readonly opensearchTransport: number;
  readonly aws: number;
  readonly issuer: number;
}

interface PortRole {
  readonly name: keyof Ports;
  readonly base: number;
  readonly purpose: string;
  readonly option: string;
}

const roles: readonly PortRole[] = [
  { name: 'kafka', base: 19092, purpose: 'Kafka', option: '--kafka-port' },
  { name: 'kafkaController', base: 19093, purpose: 'the Kafka controller', option: '--kafka-controller-port' },
  { name: 'postgres', base: 15432, purpose: 'PostgreSQL', option: '--postgres-port' },
  { name: 'opensearch', base: 19200, purpose: 'OpenSearch', option: '--opensearch-port' },
  {
    name: 'opensearchTransport',
    base: 19201,
    purpose: "OpenSearch's transport",
    option: '--opensearch-transport-port',
  },
  { name: 'aws', base: 4566, purpose: 'LocalStack', option: '--aws-port' },
  { name: 'issuer', base: 18088, purpose: 'the development issuer of tokens', option: '--issuer-port' },
];

const largestPort = 65_535;

/** Asked by `fetch`, which refuses some ports. */
const fetched: ReadonlySet<keyof Ports> = new Set(['aws', 'issuer']);
/** @see https://fetch.spec.whatwg.org/#port-blocking those above 1023 */
const refusedByFetch: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
]);

/** Thrown when a port is out of range, given twice or in use. The message is one line for the terminal. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

export interface PortOptions {
  /** Added to every port that `overrides` does not name. Default 0. */
  readonly offset?: number | undefined;
  readonly overrides?: { readonly [name in keyof Ports]?: number | undefined } | undefined;
}

/** The ports of one environment: the defaults, moved by `offset`, then replaced one by one by `overrides`. */
export function portsFrom({ offset = 0, overrides = {} }: PortOptions = {}): Ports {
  const chosen = (name: keyof Ports): number => {
    const role = roleOf(name);
    const port = overrides[name] ?? role.base + offset;
    if (!Number.isInteger(port) || port < 1 || port > largestPort) {
      throw new PortError(
        `Port ${port} for ${role.purpose} is not between 1 and ${largestPort}. Remedy: choose another --port-offset or ${role.option}.`,
      );
    }
    if (fetched.has(name) && refusedByFetch.has(port)) {
      throw new PortError(
        `Port ${port} for ${role.purpose} is one that browsers and fetch refuse. Remedy: choose another --port-offset or ${role.option}.`,
      );
    }
    return port;
  };
  const ports: Ports = {
    kafka: chosen('kafka'),
    kafkaController: chosen('kafkaController'),
    postgres: chosen('postgres'),
    opensearch: chosen('opensearch'),
    opensearchTransport: chosen('opensearchTransport'),
    aws: chosen('aws'),
    issuer: chosen('issuer'),
  };
  assertDistinct(ports);
  return ports;
}

/** Binds every port on 127.0.0.1 for a moment; throws a PortError about the first that is taken. */
export async function assertPortsFree(ports: Ports): Promise<void> {
  for (const role of roles) await assertFree(role, ports[role.name]);
}

function assertDistinct(ports: Ports): void {
  const owners = new Map<number, PortRole>();
  for (const role of roles) {
    const port = ports[role.name];
    const owner = owners.get(port);
    if (owner !== undefined) {
      throw new PortError(
        `Port ${port} is given to both ${owner.purpose} and ${role.purpose}. Remedy: change ${owner.option} or ${role.option}.`,
      );
    }
    owners.set(port, role);
  }
}

function assertFree(role: PortRole, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(unavailable(role, port, error)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve()));
  });
}

function unavailable(role: PortRole, port: number, error: NodeJS.ErrnoException): PortError {
  const state = error.code === 'EADDRINUSE' ? 'in use' : `not available (${error.code ?? error.message})`;
  return new PortError(
    `Port ${port} for ${role.purpose} is ${state}. Remedy: move every port with npm start -- --port-offset 100, or this one with ${role.option}.`,
    { cause: error },
  );
}

function roleOf(name: keyof Ports): PortRole {
  const role = roles.find((candidate) => candidate.name === name);
  if (role === undefined) throw new Error(`No port is called ${name}`);
  return role;
}
