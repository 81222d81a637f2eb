/**
 * `npm run dashboards`: pictures of the deployed dashboards with the metrics of a local run. Uses the environment that runs
 * from this clone, or starts one, sends it a quarter of an hour's worth of records in some minutes, and stops it.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Resvg } from '@resvg/resvg-js';
import { Command, InvalidArgumentError } from 'commander';
import { type AlarmState, compositeState } from '../cloudwatch/alarm-state.ts';
import type { Widget } from '../cloudwatch/dashboard-body.ts';
import { evaluatedState, metricReader, readAlarms, readDashboards } from '../cloudwatch/read.ts';
import { localAws } from '../deploy.ts';
import { type Endpoints, readEndpoints } from '../endpoints.ts';
import { portsFrom } from '../engines/index.ts';
import { startEnvironment } from '../environment.ts';
import { fetchToken } from '../issuer/issuer.ts';
import { consumedExamples } from '../workload/examples.ts';
import { generateMessages } from '../workload/generator.ts';
import { openSender } from '../workload/send.ts';
import { type Filled, picture } from './picture.ts';
import { linesOf, type Span } from './series.ts';
import { themes } from './theme.ts';

const folder = new URL('../../docs/dashboards/', import.meta.url);
const say = (line: string) => console.log(line);
const questions = [
  '/api/analytics/overview',
  '/api/analytics/dashboard',
  '/api/analytics/trends',
  '/api/analytics/freshness',
  '/api/training/sessions',
  `/api/training/sessions/${randomUUID()}`,
];
const askedEveryMillis = 400;
const mix = { seed: 8, duplicatesPerMille: 30, badPerMille: 10 };

interface Options {
  readonly minutes: number;
  readonly portOffset: number;
}

async function run({ minutes, portOffset }: Options): Promise<void> {
  const running = await readEndpoints().catch(() => null);
  if (running !== null) {
    say('the environment that runs from this clone is used as it is');
    return render(running.aws, minutes);
  }
  const environment = await startEnvironment({ ports: portsFrom({ offset: portOffset }), progress: say });
  try {
    const { endpoints } = environment.description;
    const reading = startReading(endpoints);
    await send(endpoints.kafka, minutes);
    await reading.stop();
    await render(endpoints.aws, minutes);
  } finally {
    await environment.stop();
  }
}

/** Questions to the API meanwhile, some of them of things that are not there. */
function startReading({ api, issuer }: Pick<Endpoints, 'api' | 'issuer'>): { stop(): Promise<void> } {
  let stopping = false;
  const read = async () => {
    const token = await fetchToken(issuer, { role: 'ADMIN', user: randomUUID(), expiresIn: 86_400 });
    for (let asked = 0; !stopping; asked += 1) {
      const path = questions[asked % questions.length] ?? '';
      await fetch(`${api}${path}`, { headers: { Authorization: `Bearer ${token}` } });
      await sleep(askedEveryMillis);
    }
  };
  const reading = read();
  // Seen by whoever stops it.
  reading.catch(() => undefined);
  return {
    async stop() {
      stopping = true;
      await reading;
    },
  };
}

/** Records in waves: what a morning looks like, in minutes. */
async function send(kafka: string, minutes: number): Promise<void> {
  const sender = openSender(kafka);
  try {
    await sender.send(await consumedExamples());
    const messages = generateMessages({ ...mix, count: Number.MAX_SAFE_INTEGER });
    const until = Date.now() + minutes * 60_000;
    say(`sending records for ${minutes} minutes`);
    for (let second = 0; Date.now() < until; second += 1) {
      const count = Math.round(12 + 8 * Math.sin(second / 20));
      await sender.send(
        Array.from({ length: count }, () => messages.next().value).filter((message) => message !== undefined),
      );
      await sleep(1_000);
    }
    await sleep(15_000);
  } finally {
    await sender.close();
  }
}

async function render(aws: string, minutes: number): Promise<void> {
  const client = new CloudWatchClient({ endpoint: aws, ...localAws });
  const read = metricReader(client);
  const to = Math.floor(Date.now() / 60_000) * 60;
  const span: Span = { from: to - (minutes + 1) * 60, to };
  const states = await statesOf(client);
  await mkdir(folder, { recursive: true });
  for (const [name, widgets] of await readDashboards(client)) {
    const short = name.replace('nlj-events-local-', '');
    const filled: Filled[] = [];
    for (const widget of widgets)
      filled.push({ widget, lines: await linesOf(client, read, widget, span), states: shown(widget, states) });
    for (const theme of themes) {
      const svg = picture(filled, span, theme);
      const png = new Resvg(svg, { font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' } })
        .render()
        .asPng();
      const file = theme.name === 'light' ? `${short}.png` : `${short}-dark.png`;
      await writeFile(new URL(file, folder), png);
      say(`docs/dashboards/${file}`);
    }
  }
  client.destroy();
}

/** States of all alarms by their deployed rules. */
async function statesOf(client: CloudWatchClient): Promise<ReadonlyMap<string, AlarmState>> {
  const read = metricReader(client);
  const { rules, composites } = await readAlarms(client);
  const states = new Map<string, AlarmState>();
  for (const rule of rules.values()) states.set(rule.name, await evaluatedState(rule, read));
  for (const { name, rule } of composites.values()) states.set(name, compositeState(rule, states));
  return states;
}

function shown({ properties }: Widget, states: ReadonlyMap<string, AlarmState>): Filled['states'] {
  return (properties.alarms ?? []).map((arn) => {
    const name = arn.replace(/^arn:.*:alarm:/, '');
    return [name.replace('nlj-events-local-', ''), states.get(name) ?? 'INSUFFICIENT_DATA'] as const;
  });
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('a whole number');
  return Number(value);
}

await new Command('npm run dashboards --')
  .description('Pictures of the deployed dashboards with the metrics of a local run, in docs/dashboards.')
  .option('--minutes <n>', 'minutes to send records for, and to show', wholeNumber, 8)
  .option('--port-offset <n>', 'added to every default port of an environment that is started', wholeNumber, 0)
  .action(run)
  .parseAsync();
