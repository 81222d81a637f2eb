import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { Command } from 'commander';
import pg from 'pg';
import { functionName, topicGroups } from '../lib/catalogue.ts';
import { type AuditTable, openAudit } from './audit/audit.ts';
import { deploy, localAws, synthesise } from './deploy.ts';
import { portsFrom } from './engines/index.ts';
import { assembly, type EnvironmentDescription, startEnvironment } from './environment.ts';
import { renderAudit } from './table.ts';
import { generateMessages } from './workload/generator.ts';
import { openSender } from './workload/send.ts';

/** Statements per second while the releases change. */
const rate = 200;
const ticksPerSecond = 10;
/** What flows before, between and after the deployments, in seconds. */
const calmSeconds = 15;
const settleMinutes = 10;
const accountingMillis = 2_000;
/** What the changed release writes into each line about a batch. */
const marker = 'rollout-drill';
const changedFile = 'functions/core/middleware/pipeline.ts';

new Command('rollout-drill')
  .description(
    `Deploys a changed release while ${rate} statements per second flow, then rolls it back, and shows that nothing is lost or stored twice.`,
  )
  .option('--port-offset <n>', 'added to every default port', Number, 0)
  .action(({ portOffset }: { portOffset: number }) => drill(portOffset))
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`rollout-drill: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });

async function drill(offset: number): Promise<void> {
  const started = Date.now();
  const say = (line: string) =>
    console.log(`${String(Math.round((Date.now() - started) / 1_000)).padStart(4)} s  ${line}`);
  const ports = portsFrom({ offset });
  const environment = await startEnvironment({ ports, progress: () => undefined });
  const { description } = environment;
  const { aws, kafka } = description.endpoints;
  const progress = (line: string) => {
    if (/Lambda::Function|FAILED|✅|❌/.test(line)) say(line.trim());
  };
  try {
    say('a platform with empty stores is up');
    const source = await changedSource(description.runDirectory);
    const changed = join(description.runDirectory, 'cdk.out.changed');
    await synthesise({
      opensearchEndpoint: description.endpoints.opensearch,
      databasePort: ports.postgres,
      issuer: description.endpoints.issuer,
      output: changed,
      source,
      progress: () => undefined,
    });
    say('the changed release is synthesised');
    const accounting = await startAccounting(description);
    const load = startLoad(kafka);
    const batches = () => markedBatches(description);
    await sleep(calmSeconds * 1_000);

    say(`${load.sent()} statements sent; deploying the changed release`);
    await deploy({ endpoint: aws, output: changed, progress });
    await sleep(calmSeconds * 1_000);
    const rolledOut = await batches();
    say(`${load.sent()} sent; batches of the changed release: ${rolledOut}; rolling back`);

    await deploy({ endpoint: aws, output: assembly(description.runDirectory), progress });
    say(`${load.sent()} sent; rolled back`);
    await sleep(2_000);
    const before = await batches();
    await sleep(calmSeconds * 1_000);
    const after = (await batches()) - before;
    const { ids, seconds } = await load.stop();
    say(`${ids.size} statements sent in ${Math.round(seconds)} s, ${Math.round(ids.size / seconds)} a second`);

    const end = await accounting.settled();
    const missing = await missingOf(description, ids);
    console.log(`\n${renderAudit(end, process.stdout.columns)}`);
    say(`statements without a row: ${missing}; batches of the changed release after the rollback: ${after}`);
    const whole = end.complete && missing === 0 && rolledOut > 0 && after === 0;
    console.log(whole ? 'The drill succeeded.' : 'The drill failed.');
    process.exitCode = whole ? 0 : 1;
  } finally {
    await environment.stop();
  }
}

/** This clone's sources with a change that shows in the functions' logs, so that every group's bundle is another. */
async function changedSource(runDirectory: string): Promise<string> {
  const clone = fileURLToPath(new URL('..', import.meta.url));
  const copy = join(runDirectory, 'changed');
  await mkdir(copy);
  for (const name of [
    'bin',
    'functions',
    'lib',
    'localstack',
    'cdk.json',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ]) {
    await cp(join(clone, name), join(copy, name), { recursive: true });
  }
  await symlink(join(clone, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, changedFile);
  const text = await readFile(file, 'utf8');
  const changed = text.replace("('batch', {", `('batch', { release: '${marker}',`);
  if (changed === text) throw new Error(`${changedFile} logs no batch any more: correct the drill`);
  await writeFile(file, changed);
  return copy;
}

/** Sends statements at the rate until it is stopped. */
function startLoad(kafka: string) {
  const sender = openSender(kafka);
  const ids = new Set<string>();
  const started = Date.now();
  let stopping = false;
  let seed = 1;
  const run = async () => {
    while (!stopping) {
      const due = Math.floor(((Date.now() - started) / 1_000) * rate) - ids.size;
      if (due > 0) {
        const messages = [...generateMessages({ seed, count: due })];
        seed += 1;
        for (const { value } of messages) ids.add(String(JSON.parse(value?.toString() ?? '{}').id));
        await sender.send(messages);
      }
      await sleep(1_000 / ticksPerSecond);
    }
    await sender.close();
  };
  const running = run();
  return {
    sent: () => ids.size,
    async stop() {
      stopping = true;
      await running;
      return { ids, seconds: (Date.now() - started) / 1_000 };
    },
  };
}

/** Accounts for messages while they come: all of them at once would keep this process from its connections. */
async function startAccounting({ endpoints, stage, cluster }: EnvironmentDescription) {
  const audit = await openAudit({ ...endpoints, stage, cluster });
  let deadline = Number.POSITIVE_INFINITY;
  const run = async (): Promise<AuditTable> => {
    for (;;) {
      const table = await audit.refresh();
      if (deadline !== Number.POSITIVE_INFINITY && (table.complete || Date.now() > deadline)) return table;
      await sleep(accountingMillis);
    }
  };
  const running = run();
  // Seen by whoever waits for the end.
  running.catch(() => undefined);
  return {
    /** What became of everything, once all is accounted for or time is up. */
    async settled(): Promise<AuditTable> {
      deadline = Date.now() + settleMinutes * 60_000;
      const table = await running;
      await audit.close();
      return table;
    },
  };
}

/** Batches that the changed release has handled. */
async function markedBatches({ endpoints }: EnvironmentDescription): Promise<number> {
  const client = new CloudWatchLogsClient({ endpoint: endpoints.aws, ...localAws });
  let count = 0;
  for (const { name } of topicGroups) {
    const logGroupName = `/aws/lambda/${functionName('local', name)}`;
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
      count += events.filter(({ message = '' }) => message.includes(`"release":"${marker}"`)).length;
    }
  }
  client.destroy();
  return count;
}

/** How many statements have no row. */
async function missingOf({ endpoints }: EnvironmentDescription, ids: ReadonlySet<string>): Promise<number> {
  const client = new pg.Client({ connectionString: endpoints.postgres });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('select id from statement');
  await client.end();
  const stored = new Set(rows.map(({ id }) => id));
  return [...ids].filter((id) => !stored.has(id)).length;
}
