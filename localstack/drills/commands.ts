import { readdir } from 'node:fs/promises';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import pg from 'pg';
import { localAws } from '../deploy.ts';
import type { Bench } from './bench.ts';
import { DrillError, type Say } from './run.ts';
import { filled, readRunbook, runbookFile, type Values } from './runbook.ts';

/** Any group and topic: the same commands serve all. */
const group = 'content';
const topic = 'nlj.activities.reviews';

/** Kinds of alarms that have a runbook. */
export async function runbookKinds(): Promise<readonly string[]> {
  const files = await readdir(new URL('.', runbookFile('README')));
  return files.filter((file) => /^(?!README|ops-).*\.md$/.test(file)).map((file) => file.replace(/\.md$/, ''));
}

/**
 * Runs every command of every runbook that can run here, on a platform of which nothing is broken, so that none is misspelt or
 * of another version of its tool.
 * @throws DrillError naming those that failed.
 */
export async function runEveryCommand(bench: Bench, say: Say): Promise<void> {
  const session = await openSession(bench);
  const values = { ...(await valuesOf(bench)), pid: session.pid };
  const failed: string[] = [];
  const counts = { ran: 0, awsOnly: 0, ofACase: 0 };
  for (const kind of await runbookKinds()) {
    for (const command of await readRunbook(kind)) {
      const text = filled(command, values);
      if (command.awsOnly !== null) counts.awsOnly += 1;
      else if (text === null) counts.ofACase += 1;
      else {
        const { ok, lines } = await bench.shell(command, text);
        counts.ran += 1;
        if (!ok) failed.push(`${kind}: ${text}\n${lines.slice(-3).join('\n')}`);
      }
    }
  }
  await session.close();
  say(
    `commands of the runbooks: ${counts.ran} ran, ${failed.length} failed; ${counts.awsOnly} are of AWS only, ${counts.ofACase} need a value that only a case has`,
  );
  if (failed.length > 0) throw new DrillError(failed.join('\n'));
}

async function valuesOf({ description, mappingOf }: Bench): Promise<Values> {
  const client = { endpoint: description.endpoints.aws, ...localAws };
  const [{ UUID: uuid, DestinationConfig }, { DomainNames = [] }, { Rules = [] }] = await Promise.all([
    mappingOf(topic),
    new OpenSearchClient(client).send(new ListDomainNamesCommand({})),
    new EventBridgeClient(client).send(new ListRulesCommand({})),
  ]);
  return {
    stage: description.stage,
    group,
    function: group,
    uuid,
    bucket: (DestinationConfig?.OnFailure?.Destination ?? '').replace(/^arn:aws:s3:::/, ''),
    domain: DomainNames[0]?.DomainName ?? '',
    rule: Rules.find(({ Name }) => Name?.includes('Measure'))?.Name ?? '',
    class: 'exhausted',
    time: new Date().toISOString(),
    reason: 'a drill',
    index: description.endpoints.opensearch,
    month: '2020-01',
    before: new Date().toISOString(),
  };
}

/** A session of the database that a command may end. */
async function openSession({ description }: Bench): Promise<{ readonly pid: string; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: description.endpoints.postgres });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return { pid: String(rows[0]?.pid ?? 0), close: () => client.end().catch(() => undefined) };
}
