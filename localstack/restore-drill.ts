import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import { execa } from 'execa';
import pg from 'pg';
import { openAsk } from '../bin/maintenance/ask.ts';
import { afterRestore } from '../bin/maintenance/restore.ts';
import { type AuditTable, openAudit } from './audit/audit.ts';
import { localAws } from './deploy.ts';
import { portsFrom } from './engines/index.ts';
import { type LocalEnvironment, startEnvironment } from './environment.ts';
import { renderAudit } from './table.ts';
import { consumedExamples } from './workload/examples.ts';
import { generateMessages } from './workload/generator.ts';
import { openSender } from './workload/send.ts';

const mix = { duplicatesPerMille: 30, badPerMille: 20 };
const messages = 1_500;
const settleMinutes = 5;

new Command('restore-drill')
  .description(
    'Takes PostgreSQL back to an earlier state under a running platform, and shows that everything comes back.',
  )
  .option('--port-offset <n>', 'added to every default port', Number, 0)
  .action(({ portOffset }: { portOffset: number }) => drill(portOffset))
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`restore-drill: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });

async function drill(offset: number): Promise<void> {
  const started = Date.now();
  const say = (line: string) =>
    console.log(`${String(Math.round((Date.now() - started) / 1_000)).padStart(4)} s  ${line}`);
  const environment = await startEnvironment({ ports: portsFrom({ offset }), progress: () => undefined });
  say('a platform with empty stores is up');
  const sender = openSender(environment.description.endpoints.kafka);
  try {
    await sender.send([...(await consumedExamples()), ...generateMessages({ seed: 1, count: messages, ...mix })]);
    const before = await settled(environment);
    const point = new Date().toISOString();
    await replaceData(environment, 'backup');
    say(`restore point ${point}: ledger ${before.ledger}, index ${before.index}; PostgreSQL's data is copied`);

    await sender.send([...generateMessages({ seed: 2, count: messages, ...mix })]);
    const after = await settled(environment);
    const ids = await ledgerIds(environment);
    const decisions = await ledgerIds(environment, 'platform');
    say(`${messages} more messages: ledger ${after.ledger}, index ${after.index}`);

    await replaceData(environment, 'restore');
    const lost = ids.size - (await ledgerIds(environment)).size;
    say(`PostgreSQL is back at the restore point: ${lost} rows are gone, ${lost} documents have no row`);

    const { aws } = environment.description.endpoints;
    const { ask, close } = openAsk('local', aws);
    const client = new LambdaClient({ endpoint: aws, ...localAws });
    // Everything of this run, as a run is shorter than any margin that makes sense.
    const marginMillis = 60 * 60 * 1_000;
    await afterRestore(ask, client, { stage: 'local', to: point, marginMillis }, say);
    client.destroy();
    close();

    const end = await settled(environment);
    const missing = ids.difference(await ledgerIds(environment)).size;
    const again = decisions.difference(await ledgerIds(environment, 'platform')).size;
    console.log(`\n${renderAudit(end, process.stdout.columns)}`);
    const whole = end.complete && missing === 0;
    say(`rows of before the restore that are missing: ${missing}; ledger ${end.ledger}, index ${end.index}`);
    // First come, first served: in another order of arrival another decision is as valid.
    say(`of ${decisions.size} decisions of trainings ${again} were taken otherwise when they were taken again`);
    console.log(whole ? 'The drill succeeded.' : 'The drill failed.');
    process.exitCode = whole ? 0 : 1;
  } finally {
    await sender.close();
    await environment.stop();
  }
}

/** Waits until every message in Kafka is accounted for, seen by an accounting that begins anew. */
async function settled({ description }: LocalEnvironment): Promise<AuditTable> {
  const { endpoints, stage, cluster } = description;
  const deadline = Date.now() + settleMinutes * 60_000;
  for (;;) {
    const audit = await openAudit({ ...endpoints, stage, cluster });
    try {
      for (;;) {
        const table = await audit.refresh();
        if (table.complete || Date.now() > deadline) return table;
        // What was looked up while rows were still on their way back is looked up again.
        if (table.topics.every(({ lag }) => lag === 0)) break;
        await sleep(500);
      }
    } finally {
      await audit.close();
    }
    await sleep(500);
  }
}

async function ledgerIds(
  { description }: LocalEnvironment,
  origin: 'producer' | 'platform' = 'producer',
): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: description.endpoints.postgres });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('select id from statement where origin = $1', [origin]);
  await client.end();
  return new Set(rows.map(({ id }) => id));
}

/** Copies the stopped server's files aside, or back. */
async function replaceData({ engines, description }: LocalEnvironment, what: 'backup' | 'restore'): Promise<void> {
  const data = join(description.runDirectory, 'postgres', 'data');
  const copy = join(description.runDirectory, 'postgres', 'restore-point');
  const [from, to] = what === 'backup' ? [data, copy] : [copy, data];
  await engines.postgres.stop();
  await rm(to, { recursive: true, force: true });
  // Owners too: the server runs as another account where this process may change it.
  await execa('cp', ['-a', from, to]);
  await engines.postgres.start();
}
