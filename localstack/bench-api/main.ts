import { cpus, loadavg, totalmem } from 'node:os';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { Command } from 'commander';
import { runProgram, wholeNumber } from '../../bin/command-line.ts';
import { tokenVerifier } from '../../functions/api/access/token.ts';
import { application } from '../../functions/api/application.ts';
import { routes } from '../../functions/api/routes/index.ts';
import { mappingHash, statementAlias } from '../../functions/core/search/index-template.ts';
import { jwksPath } from '../../lib/stage/local.ts';
import { portsFrom } from '../engines/index.ts';
import { generateDataSet } from '../generate/data-set.ts';
import { loadDataSet } from '../generate/load.ts';
import { loadedInto, noteLoaded, openStandingStores, type StandingStores } from '../generate/stores.ts';
import { fetchToken, startIssuer } from '../issuer/issuer.ts';
import { type Example, exampleOf, subjectsOf } from './examples.ts';
import { replay, underWay, watch } from './wire.ts';

interface BenchOptions {
  readonly statements: number;
  readonly seed: number;
  readonly rounds: number;
  readonly directory: string;
  readonly routes?: string;
  readonly portOffset: number;
}

const warmUpRounds = 3;
/** Most connections at once, of the load; a handler uses one. */
const connections = 6;
const pepper = { version: 1, secret: 'a pepper of made-up data, of no use elsewhere' };
const authority = { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: 'system' } } as const;
const audience = 'nlj-events';
const settledMillis = 25 * 3_600_000;

const program = new Command('npm run bench:api --')
  .description(
    'Time of each route that reads, at the handler, beside the time of the bare store queries that it sends: recorded on the way and sent again, in turn with the handler.',
  )
  .requiredOption('--directory <path>', 'folder that holds the data; filled at the first run, used again afterwards')
  .option('--statements <n>', 'messages to fill it with', wholeNumber, 1_000_000)
  .option('--seed <n>', 'seed of these', wholeNumber, 1)
  .option('--rounds <n>', 'calls of each route that count', wholeNumber, 40)
  .option('--routes <text>', 'only routes whose path has this text')
  .option('--port-offset <n>', 'added to every default port', wholeNumber, 700)
  .action(bench);

async function bench(options: BenchOptions): Promise<void> {
  const stores = await openStandingStores({
    ports: portsFrom({ offset: options.portOffset }),
    directory: options.directory,
    connections,
    progress: (line) => console.log(line),
  });
  try {
    await fill(stores, options);
    await measure(stores, options);
  } finally {
    await stores.stop();
  }
}

/** Loads the data set unless the folder holds it. @throws Error where it holds something else */
async function fill(stores: StandingStores, { statements, seed, directory }: BenchOptions): Promise<void> {
  const what = `${statements} messages of seed ${seed}, mapping ${mappingHash.slice(0, 12)}`;
  const loaded = await loadedInto(directory);
  if (loaded === what) return;
  const { rows } = await stores.pool.query<{ filled: boolean }>('select exists (select 1 from statement) as filled');
  if (loaded !== null || rows[0]?.filled === true) {
    throw new Error(
      `${directory} holds ${loaded ?? 'a load that was broken off'}, not ${what}: remove it, or name another`,
    );
  }
  const started = performance.now();
  let said = 0;
  const result = await loadDataSet(
    generateDataSet({ seed, count: statements, until: Math.floor(Date.now() / 60_000) * 60_000 }),
    { ...stores, pepper, authority },
    {
      progress(written) {
        if (written - said < 20_000) return;
        said = written;
        console.log(`${written} loaded, ${Math.round((written * 1_000) / (performance.now() - started))}/s`);
      },
    },
  );
  console.log(`${JSON.stringify(result)} in ${Math.round((performance.now() - started) / 1_000)} s`);
  await stores.pool.query('vacuum analyze');
  await noteLoaded(directory, what);
}

interface Measured {
  readonly example: Example;
  readonly requests: number;
  readonly handler: number[];
  readonly bare: number[];
  /** Of the same calls as `handler`: while no store had a request of theirs. */
  readonly ours: number[];
}

async function measure({ pool, search, opensearch }: StandingStores, options: BenchOptions): Promise<void> {
  const wire = watch(pool, search, opensearch);
  const issuer = await startIssuer({ port: 0, audience });
  // What is computed is measured, not what the index remembers of the last call.
  await search.indices.putSettings({ index: statementAlias, body: { 'index.requests.cache.enable': false } });
  const handler = application({
    routes,
    verify: tokenVerifier({ jwksUrl: `${issuer.url}${jwksPath}`, issuer: issuer.url, audience }),
    services: async () => ({
      // A day later, so that respondents of surveys no longer wait for others.
      stores: { pool: wire.pool, search, now: () => new Date(Date.now() + settledMillis), anonymityThreshold: 5 },
      pepper,
      exports: { pool: wire.pool, files: { link: async () => '' }, invokeWorker: async () => undefined },
    }),
    corsOrigins: [],
    checkAnswers: false,
    log: () => undefined,
  });
  try {
    const subjects = await subjectsOf(pool);
    const token = await fetchToken(issuer.url, { role: 'ADMIN', user: subjects.learner, expiresIn: 86_400 });
    const call = async (example: Example): Promise<void> => {
      const { statusCode, body } = await handler(eventOf(example, token), context);
      if (statusCode >= 300) throw new Error(`${example.path} answered ${statusCode}: ${body}`);
    };
    const chosen = routes.filter(({ path }) => options.routes === undefined || path.includes(options.routes));
    const measured: Measured[] = [];
    for (const route of chosen) {
      const example = exampleOf(route, subjects);
      if (example === null) continue;
      measured.push(await measureOne(example, call, wire, options.rounds));
      console.log(`measured ${route.method} ${route.path}`);
    }
    await report(measured, pool, options);
  } finally {
    await wire.close();
    await issuer.close();
  }
}

/** Handler and bare queries in turn, each of them first in half of the rounds. */
async function measureOne(
  example: Example,
  call: (example: Example) => Promise<void>,
  wire: ReturnType<typeof watch>,
  rounds: number,
): Promise<Measured> {
  const handler: number[] = [];
  const bare: number[] = [];
  const ours: number[] = [];
  const timed = async (into: number[], work: () => Promise<void>): Promise<void> => {
    const began = performance.now();
    await work();
    into.push(performance.now() - began);
  };
  wire.begin();
  await call(example);
  let requests = wire.take();
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const times = round < 0 ? { handler: [], bare: [], ours: [] } : { handler, bare, ours };
    const byHandler = async () => {
      await timed(times.handler, async () => {
        wire.begin();
        await call(example);
        requests = wire.take();
      });
      times.ours.push((times.handler.at(-1) ?? Number.NaN) - underWay(requests));
    };
    const byReplay = () => {
      const last = requests;
      return timed(times.bare, () => replay(last));
    };
    if (round % 2 === 0) {
      await byHandler();
      await byReplay();
    } else {
      await byReplay();
      await byHandler();
    }
  }
  return { example, requests: requests.length, handler, bare, ours };
}

function eventOf({ route, path, query, body }: Example, token: string): APIGatewayProxyEvent {
  const event: Partial<APIGatewayProxyEvent> = {
    httpMethod: route.method,
    path,
    headers: { Authorization: `Bearer ${token}`, ...(body === null ? {} : { 'Content-Type': 'application/json' }) },
    multiValueQueryStringParameters: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    body,
    isBase64Encoded: false,
  };
  // The application reads nothing else of an event.
  return Object.assign(JSON.parse('{"requestContext":{"requestId":"bench"}}'), event);
}

const context: Context = Object.assign(JSON.parse('{"awsRequestId":"bench"}'), {
  getRemainingTimeInMillis: () => 29_000,
});

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

async function report(
  measured: readonly Measured[],
  pool: StandingStores['pool'],
  options: BenchOptions,
): Promise<void> {
  const { rows } = await pool.query<{ count: string; people: string; version: string }>(
    `select (select count(*) from statement) as count, (select count(distinct agent_key) from statement) as people,
            current_setting('server_version') as version`,
  );
  const model = cpus()[0]?.model ?? 'CPU';
  const load = loadavg()[0]?.toFixed(1);
  console.log(
    `\n${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, PostgreSQL ${rows[0]?.version}, load ${load} at the end`,
  );
  console.log(
    `${rows[0]?.count} statements of ${rows[0]?.people} people; ${options.rounds} calls of each after ${warmUpRounds}; stores and handler share the machine; no request cache\n`,
  );
  const ms = (value: number) => value.toFixed(1);
  console.log('| route | queries | handler p50 | p95 | bare p50 | p95 | difference p50 | ours p50 | p95 |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const { example, requests, handler, bare, ours } of measured) {
    const added = handler.map((time, round) => time - (bare[round] ?? Number.NaN));
    const cells = [
      `${example.route.method} \`${example.route.path}\``,
      String(requests),
      ms(quantile(handler, 0.5)),
      ms(quantile(handler, 0.95)),
      ms(quantile(bare, 0.5)),
      ms(quantile(bare, 0.95)),
      ms(quantile(added, 0.5)),
      ms(quantile(ours, 0.5)),
      ms(quantile(ours, 0.95)),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log(
    '\nMilliseconds. Difference: handler less bare, call by call. Ours: the time of a call while no store had a request of it.',
  );
}

await runProgram(program);
