import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@opensearch-project/opensearch';
import Table from 'cli-table3';
import { Command } from 'commander';
import pg from 'pg';
import { wholeNumber } from '../bin/command-line.ts';
import { documentOf, type StatementDocument } from '../functions/core/search/document.ts';
import { documentMapping } from '../functions/core/search/index-template.ts';
import { portsFrom } from './engines/index.ts';
import { type LocalEnvironment, startEnvironment } from './environment.ts';
import { generateMessages } from './workload/generator.ts';
import { openSender } from './workload/send.ts';

/** Groups whose statements cost what the ledger, the index and one projection cost; decisions of others come on top. */
const groups = ['survey', 'learning'] as const;

interface BenchOptions {
  readonly quick: boolean;
  readonly statements?: number;
  readonly portOffset: number;
}

/** Rows of one transaction and documents of one bulk request, in the pipeline and in the stores-alone runs alike. */
const chunk = 1_000;

const program = new Command('npm run bench --')
  .description(
    'Statements per second from Kafka to both stores, beside what the stores alone take of the same rows and documents.',
  )
  .option('--quick', '20,000 statements instead of 200,000', false)
  .option('--statements <n>', 'as many statements', wholeNumber)
  .option('--port-offset <n>', 'added to every default port', wholeNumber, 600)
  .action(bench);

/** Seeds of the statements that warm the system up and of those that are measured. */
const seeds = { warmUp: 1, measured: 2 };
const warmUpCount = 3_000;

async function bench(options: BenchOptions): Promise<void> {
  const count = options.statements ?? (options.quick ? 20_000 : 200_000);
  const environment = await startEnvironment({
    ports: portsFrom({ offset: options.portOffset }),
    progress: (line) => console.log(line),
  });
  const { endpoints } = environment.description;
  const pool = new pg.Pool({ connectionString: endpoints.postgres, max: 1 });
  // A connection that ends with the server is no fault of the bench.
  pool.on('error', () => undefined);
  const search = new Client({ node: endpoints.opensearch });
  const sender = openSender(endpoints.kafka);
  try {
    console.log(`warming up with ${warmUpCount} statements`);
    await throughPipeline(environment, pool, sender, seeds.warmUp, warmUpCount);
    console.log(`measuring ${count} statements`);
    const seconds = await throughPipeline(environment, pool, sender, seeds.measured, count);
    await environment.eventSource.stop();
    const rows = await readRows(pool, idsOf(seeds.measured, count));
    if (rows.length !== count)
      throw new Error(`${rows.length} of ${count} statements are in the ledger: nothing is reported`);
    const ledger = await ledgerAlone(pool, rows);
    const index = await indexAlone(search, rows);
    report(count, rows, { pipeline: seconds, ledger, index });
  } finally {
    await Promise.all([sender.close(), pool.end(), search.close()]);
    await environment.stop();
  }
}

/** Fills the topics while nothing reads, then reads: seconds from the first read to the last document confirmed. */
async function throughPipeline(
  { eventSource }: LocalEnvironment,
  pool: pg.Pool,
  sender: ReturnType<typeof openSender>,
  seed: number,
  count: number,
): Promise<number> {
  const confirmed = async () => {
    const { rows } = await pool.query<{ count: string }>(
      `select count(*) from statement where index_state = 'indexed'`,
    );
    return Number(rows[0]?.count);
  };
  const before = await confirmed();
  eventSource.pause();
  await sender.send([...generateMessages({ seed, count, groups })]);
  eventSource.resume();
  const started = performance.now();
  while ((await confirmed()) < before + count) await sleep(100);
  return (performance.now() - started) / 1_000;
}

function idsOf(seed: number, count: number): string[] {
  return [...generateMessages({ seed, count, groups })].map(({ value }) =>
    String(JSON.parse(value?.toString() ?? '').id),
  );
}

interface BenchRow {
  /** The columns, with the body as JSON text. */
  readonly columns: Readonly<Record<string, unknown>>;
  readonly document: StatementDocument;
}

async function readRows(pool: pg.Pool, ids: readonly string[]): Promise<BenchRow[]> {
  const { rows } = await pool.query<{
    id: string;
    body: string;
    topic_group: string;
    event: string;
    stored: string;
    agent_key: string | null;
  }>(
    `select id, body::text as body, encode(canonical_hash, 'hex') as canonical_hash,
            encode(received_hash, 'hex') as received_hash, topic_group, event,
            to_char(stored at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stored, statement_time, cluster, topic,
            partition, "offset", record_time, agent_key
       from statement where id = any($1) order by id`,
    [ids],
  );
  return rows.map((columns) => ({
    columns,
    document: documentOf({
      id: columns.id,
      body: JSON.parse(columns.body),
      group: columns.topic_group,
      event: columns.event,
      origin: 'producer',
      stored: columns.stored,
      agentKey: columns.agent_key,
      voided: false,
      documentVersion: 1,
    }),
  }));
}

/** The same rows into a table like the ledger, from one connection: seconds. */
async function ledgerAlone(pool: pg.Pool, rows: readonly BenchRow[]): Promise<number> {
  await pool.query('create table bench_statement (like statement including all)');
  const parameters = chunked(rows).map((part) => JSON.stringify(part.map(({ columns }) => columns)));
  const started = performance.now();
  for (const parameter of parameters) {
    await pool.query(
      `insert into bench_statement (id, body, canonical_hash, received_hash, topic_group, event, origin, stored,
                                    statement_time, cluster, topic, partition, "offset", record_time, agent_key)
       select id, body::json, decode(canonical_hash, 'hex'), decode(received_hash, 'hex'), topic_group, event, 'producer', stored,
              statement_time, cluster, topic, partition, "offset", record_time, agent_key
         from json_to_recordset($1::json) as r(
                id uuid, body text, canonical_hash text, received_hash text, topic_group text, event text, stored timestamptz,
                statement_time timestamptz, cluster text, topic text, partition integer, "offset" bigint,
                record_time timestamptz, agent_key text)`,
      [parameter],
    );
  }
  return (performance.now() - started) / 1_000;
}

/** The same documents into an index of the same mapping, one bulk request after the other: seconds. */
async function indexAlone(search: Client, rows: readonly BenchRow[]): Promise<number> {
  const index = 'bench-statements';
  await search.indices.create({
    index,
    body: {
      settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '5s' },
      mappings: { ...documentMapping },
    },
  });
  const bodies = chunked(rows).map((part) =>
    part
      .map(({ document }) => `${JSON.stringify({ index: { _id: document.id } })}\n${JSON.stringify(document)}\n`)
      .join(''),
  );
  const started = performance.now();
  for (const bulkBody of bodies) {
    const { body } = await search.transport.request({ method: 'POST', path: `/${index}/_bulk`, bulkBody });
    if (body.errors !== false) throw new Error('The index refused a document of the bench');
  }
  return (performance.now() - started) / 1_000;
}

function chunked(rows: readonly BenchRow[]): BenchRow[][] {
  return Array.from({ length: Math.ceil(rows.length / chunk) }, (_, part) =>
    rows.slice(part * chunk, (part + 1) * chunk),
  );
}

interface Seconds {
  readonly pipeline: number;
  readonly ledger: number;
  readonly index: number;
}

function report(count: number, rows: readonly BenchRow[], { pipeline, ledger, index }: Seconds): void {
  const bytes = rows.reduce((sum, { columns }) => sum + String(columns['body']).length, 0) / rows.length;
  const perSecond = (seconds: number) => `${Math.round(count / seconds)}/s`.padStart(10);
  const table = new Table({ head: ['', 'statements', 'seconds', 'per second'], style: { head: [], border: [] } });
  table.push(
    ['Kafka to both stores, confirmed', count, pipeline.toFixed(2), perSecond(pipeline)],
    ['PostgreSQL alone: the same ledger rows, one connection', count, ledger.toFixed(2), perSecond(ledger)],
    ['OpenSearch alone: the same documents, one connection', count, index.toFixed(2), perSecond(index)],
  );
  console.log(
    `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  console.log(`${count} statements of ${Math.round(bytes)} bytes; producers, stores and functions share the machine`);
  console.log(table.toString());
  console.log(
    `the pipeline takes ${(pipeline / (ledger + index)).toFixed(2)} times as long as both stores alone, one after the other`,
  );
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`\nnpm run bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
