import { readdir } from 'node:fs/promises';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import pg from 'pg';
import type { AlarmRule } from '../cloudwatch/alarm-state.ts';
import { queriesOf } from '../cloudwatch/watch.ts';
import { localAws } from '../deploy.ts';
import type { Bench } from './bench.ts';
import { DrillError, type Say } from './run.ts';
import { filled, readRunbook, runbookFile, type Values } from './runbook.ts';

/** Any group and topic: the same commands serve all. */
const group = 'content';
const topic = 'nlj.activities.reviews';

/** An alarm on a share of requests wants some. */
const aFewRequests = 20;

/** Kinds of alarms that have a runbook. */
export async function runbookKinds(): Promise<readonly string[]> {
  const files = await readdir(new URL('.', runbookFile('README')));
  return files.filter((file) => /^(?!README|ops-).*\.md$/.test(file)).map((file) => file.replace(/\.md$/, ''));
}

/** Namespaces of metrics of servers. */
const serverNamespaces: ReadonlySet<string> = new Set(['AWS/Kafka', 'AWS/RDS', 'AWS/ES', 'AWS/ApiGateway']);

/**
 * Runs every command of every runbook that can run here, so that none is misspelt or of another version of its tool. The
 * alarms on the health of servers are in ALARM meanwhile, by metrics that are put by hand; nothing is broken.
 * @throws DrillError naming those that failed, or did not go off.
 */
export async function runEveryCommand(bench: Bench, say: Say): Promise<void> {
  const told = await tellAlarms(bench);
  say(`in ALARM by metrics put as AWS would (by their deployed rules): ${told.join(', ')}`);
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

/**
 * Puts every alarm on metrics of AWS's servers into ALARM, but for those where what an engine here says of itself wins over a
 * value put by hand.
 * @returns their short names. @throws DrillError if another one does not go off.
 */
async function tellAlarms({ watch }: Bench): Promise<readonly string[]> {
  const { rules } = await watch.alarms();
  const meant = [...rules.values()].filter((rule) =>
    queriesOf(rule).some(({ namespace }) => serverNamespaces.has(namespace)),
  );
  const measured = new Set<AlarmRule>();
  for (const rule of meant) {
    if (await watch.hasPoints(rule)) measured.add(rule);
    await watch.tell(watch.shortName(rule.name), breaching(rule), rule.evaluationPeriods);
  }
  const states = await watch.evaluated();
  const quiet = meant.filter(({ name }) => states.get(watch.shortName(name)) !== 'ALARM');
  const wrong = quiet.filter((rule) => !measured.has(rule));
  if (wrong.length > 0) {
    throw new DrillError(`Not in ALARM by metrics that should: ${wrong.map(({ name }) => name).join(', ')}`);
  }
  return meant.filter((rule) => !quiet.includes(rule)).map(({ name }) => watch.shortName(name));
}

/** A value beyond an alarm's threshold, for each of its metrics. */
function breaching({ comparison, threshold }: AlarmRule): number {
  return comparison.startsWith('Less') ? 0 : 2 * threshold + aFewRequests;
}

async function valuesOf({ description, places, mappingOf }: Bench): Promise<Values> {
  const client = { endpoint: description.endpoints.aws, ...localAws };
  const [{ UUID: uuid, DestinationConfig }, { Rules = [] }] = await Promise.all([
    mappingOf(topic),
    new EventBridgeClient(client).send(new ListRulesCommand({})),
  ]);
  return {
    ...places,
    group,
    function: group,
    uuid,
    bucket: (DestinationConfig?.OnFailure?.Destination ?? '').replace(/^arn:aws:s3:::/, ''),
    rule: Rules.find(({ Name }) => Name?.includes('Measure'))?.Name ?? '',
    class: 'exhausted',
    time: new Date().toISOString(),
    reason: 'a drill',
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
