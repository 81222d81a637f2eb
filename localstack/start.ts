import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { createLogUpdate } from 'log-update';
import { wholeNumber } from '../bin/command-line.ts';
import { type Audit, type AuditTable, openAudit } from './audit/audit.ts';
import { removeEndpoints, writeEndpoints } from './endpoints.ts';
import { type PortOptions, type Ports, portsFrom } from './engines/index.ts';
import { type EnvironmentDescription, startEnvironment } from './environment.ts';
import { renderAudit } from './table.ts';
import { consumedExamples } from './workload/examples.ts';
import { generateMessages } from './workload/generator.ts';
import { openSender } from './workload/send.ts';

interface StartOptions {
  readonly once: boolean;
  readonly portOffset: number;
  readonly statements: number;
  readonly rate: number;
  readonly seed: number;
  readonly kafkaPort?: number;
  readonly kafkaControllerPort?: number;
  readonly postgresPort?: number;
  readonly opensearchPort?: number;
  readonly opensearchTransportPort?: number;
  readonly awsPort?: number;
  readonly issuerPort?: number;
}

/** Of 1,000 generated messages, so many repeat an earlier one and so many are bad. */
const mix = { duplicatesPerMille: 30, badPerMille: 20 };

/** Exit code of a program that SIGINT ended. */
const interruptedExitCode = 130;

/** With --once: how long the messages may take to arrive before the run counts as failed. */
const settleMinutes = 10;

const program = new Command('npm start --')
  .description('Runs the whole platform on real engines: Kafka, PostgreSQL, OpenSearch and LocalStack, without Docker.')
  .option(
    '--once',
    'do the work once, print the accounting, stop; exit code 0 only if every message is accounted for',
    false,
  )
  .option('--statements <n>', 'generated messages to send after the examples', wholeNumber, 2_000)
  .option('--rate <n>', 'generated messages per second afterwards, while it stays up', wholeNumber, 5)
  .option('--seed <n>', 'seed of the generated messages', wholeNumber, 1)
  .option('--port-offset <n>', 'added to every default port', wholeNumber, 0)
  .option('--kafka-port <n>', 'port of Kafka', wholeNumber)
  .option('--kafka-controller-port <n>', "port of Kafka's controller", wholeNumber)
  .option('--postgres-port <n>', 'port of PostgreSQL', wholeNumber)
  .option('--opensearch-port <n>', 'port of OpenSearch', wholeNumber)
  .option('--opensearch-transport-port <n>', "port of OpenSearch's transport", wholeNumber)
  .option('--aws-port <n>', 'port of LocalStack', wholeNumber)
  .option('--issuer-port <n>', 'port of the development issuer of tokens', wholeNumber)
  .action(start);

async function start(options: StartOptions): Promise<void> {
  const started = Date.now();
  const say = (line: string) =>
    console.log(`${String(Math.round((Date.now() - started) / 1_000)).padStart(4)} s  ${line}`);
  const interrupted = interruption();
  const starting = startEnvironment({ ports: portsOf(options), progress: say });
  // Whatever Ctrl-C finds started is ended by the reaper when this process ends.
  const environment = await Promise.race([starting, interrupted.signalled]);
  if (environment === undefined) {
    say('stopping what was started');
    process.exit(interruptedExitCode);
  }
  try {
    await work(environment.description, options, interrupted, say);
  } finally {
    say('stopping');
    await removeEndpoints();
    await environment.stop();
    say('stopped, nothing is left behind');
  }
}

/** Publishes, and shows what becomes of it: once, or until Ctrl-C. */
async function work(
  description: EnvironmentDescription,
  options: StartOptions,
  interrupted: Interruption,
  say: (line: string) => void,
): Promise<void> {
  const { endpoints, stage, cluster } = description;
  await writeEndpoints(endpoints);
  say('everything is up');
  const audit = await openAudit({ ...endpoints, stage, cluster });
  const sender = openSender(endpoints.kafka);
  try {
    const examples = await consumedExamples();
    await sender.send(examples);
    await sender.send([...generateMessages({ seed: options.seed, count: options.statements, ...mix })]);
    say(`published ${examples.length} messages of the producers and ${options.statements} generated ones`);
    if (!options.once) return await stayUp(audit, description, options, sender.send, interrupted);
    const table = await settle(audit, interrupted.signalled);
    console.log(`\n${renderAudit(table, process.stdout.columns)}`);
    if (!table.complete) console.error('Not every message is accounted for.');
    process.exitCode = table.complete ? 0 : 1;
  } finally {
    await Promise.allSettled([audit.close(), sender.close()]);
  }
}

async function settle(audit: Audit, signalled: Promise<void>): Promise<AuditTable> {
  const deadline = Date.now() + settleMinutes * 60_000;
  for (;;) {
    const table = await audit.refresh().catch((error: unknown) => {
      if (Date.now() > deadline) throw error;
      return null;
    });
    if (table !== null && (table.complete || Date.now() > deadline)) return table;
    const stop = await Promise.race([signalled.then(() => true), sleep(500, false)]);
    if (stop) throw new Error('stopped before every message was accounted for');
  }
}

/** The live table, fed by a thin stream, until Ctrl-C. */
async function stayUp(
  audit: Audit,
  { endpoints }: EnvironmentDescription,
  { rate, seed }: StartOptions,
  send: (messages: ReturnType<typeof nextMessages>) => Promise<void>,
  interrupted: Interruption,
): Promise<void> {
  const update = createLogUpdate(process.stdout, { showCursor: true });
  const stream = generateMessages({ seed: seed + 1, count: Number.MAX_SAFE_INTEGER, ...mix });
  while (!interrupted.isSignalled()) {
    const table = await round(() => send(nextMessages(stream, rate)), audit);
    const addresses = Object.entries(endpoints).map(
      ([name, address]) => `${name.padEnd(11)} ${withoutPassword(address ?? '')}`,
    );
    const text = `\n${table}\n\n${addresses.join('\n')}\n(also in .local/endpoints.json; Ctrl-C stops everything)`;
    if (process.stdout.isTTY) update(text);
    else console.log(text);
    await Promise.race([interrupted.signalled, sleep(process.stdout.isTTY ? 1_000 : 10_000)]);
  }
  update.done();
}

/** One round of sending and counting: the table, or what does not answer. Servers may be stopped and come back. */
async function round(send: () => Promise<void>, audit: Audit): Promise<string> {
  try {
    await send();
    return renderAudit(await audit.refresh(), process.stdout.columns);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `A server does not answer (${reason}); the numbers go on when it does.`;
  }
}

function nextMessages(stream: ReturnType<typeof generateMessages>, count: number) {
  return Array.from({ length: count }, () => stream.next().value).filter((message) => message !== undefined);
}

/** Addresses are shown without the password, which is in `.local/endpoints.json`. */
function withoutPassword(address: string): string {
  return address.replace(/^(\w+:\/\/[^:@/]+):[^@/]+@/, '$1@');
}

interface Interruption {
  /** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signalled: Promise<void>;
  readonly isSignalled: () => boolean;
}

function interruption(): Interruption {
  let received = false;
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        received = true;
        resolve();
      });
    }
  });
  return { signalled, isSignalled: () => received };
}

function portsOf(options: StartOptions): Ports {
  const overrides: PortOptions['overrides'] = {
    kafka: options.kafkaPort,
    kafkaController: options.kafkaControllerPort,
    postgres: options.postgresPort,
    opensearch: options.opensearchPort,
    opensearchTransport: options.opensearchTransportPort,
    aws: options.awsPort,
    issuer: options.issuerPort,
  };
  return portsFrom({ offset: options.portOffset, overrides });
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`\nnpm start: ${error instanceof Error ? error.message : String(error)}`);
  // Whatever still runs is ended by the reaper when this process ends.
  process.exit(1);
}
