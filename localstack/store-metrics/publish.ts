import { statfs } from 'node:fs/promises';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { Client } from '@opensearch-project/opensearch';
import { Admin } from '@platformatic/kafka';
import pg from 'pg';
import { z } from 'zod';
import { type AwsSource, awsMetrics } from '../../lib/monitoring/aws-metrics.ts';
import { readAlarms } from '../cloudwatch/read.ts';
import { queriesOf } from '../cloudwatch/watch.ts';
import { localAws } from '../deploy.ts';
import type { EnvironmentDescription } from '../environment.ts';
import { type DatabaseCounts, databaseReading } from './database.ts';
import { kafkaReading } from './kafka.ts';
import { type SearchCounts, searchReading } from './search.ts';

/** As AWS does. */
const everyMillis = 60_000;
const seconds = everyMillis / 1_000;
const patience = { connectMillis: 2_000, answerMillis: 5_000 };

export interface StoreMetricsOptions extends Pick<EnvironmentDescription, 'endpoints' | 'runDirectory'> {
  /** Told once of an engine whose answers are of another form than expected. */
  readonly progress: (line: string) => void;
}

export interface StoreMetrics {
  /** At once, besides the schedule. */
  publish(): Promise<void>;
  stop(): Promise<void>;
}

type Subject = Readonly<Record<string, string>>;

/**
 * Publishes once a minute what MSK, RDS and OpenSearch Service would of their servers, read from the engines that stand in for
 * them: as far as these have it. An engine that does not answer publishes nothing.
 */
export function startStoreMetrics({ endpoints, runDirectory, progress }: StoreMetricsOptions): StoreMetrics {
  const cloudwatch = new CloudWatchClient({ endpoint: endpoints.aws, ...localAws });
  const search = new Client({ node: endpoints.opensearch, maxRetries: 0, requestTimeout: patience.answerMillis });
  const pool = new pg.Pool({
    connectionString: endpoints.postgres,
    max: 1,
    connectionTimeoutMillis: patience.connectMillis,
    query_timeout: patience.answerMillis,
    idleTimeoutMillis: patience.answerMillis,
  });
  pool.on('error', () => undefined);
  const admin = new Admin({
    clientId: 'nlj-store-metrics',
    bootstrapBrokers: [endpoints.kafka],
    retries: 0,
    connectTimeout: patience.connectMillis,
    timeout: patience.answerMillis,
  });
  let subjects: ReadonlyMap<AwsSource, Subject> = new Map();
  let searchCounts: SearchCounts | undefined;
  let databaseCounts: DatabaseCounts | undefined;
  let kafkaBytes: number | undefined;

  async function put(source: AwsSource, values: Readonly<Record<string, number>>): Promise<void> {
    const subject = subjects.get(source);
    if (subject === undefined) return;
    const Timestamp = new Date();
    const Dimensions = Object.entries(subject).map(([Name, Value]) => ({ Name, Value }));
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: awsMetrics[source].namespace,
        MetricData: Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value, Dimensions, Timestamp })),
      }),
    );
  }

  const stores = [
    async () => {
      const [stats, health, blocks] = await Promise.all([
        search.nodes.stats({ metric: ['process', 'jvm', 'fs', 'thread_pool', 'indices'] }),
        search.cluster.health(),
        search.cluster.state({ metric: ['blocks'] }),
      ]);
      const answers = { stats: stats.body, health: health.body, blocks: blocks.body };
      const { values, counts } = searchReading(answers, searchCounts);
      searchCounts = counts;
      await put('search', values);
    },
    async () => {
      const { bavail, bsize } = await statfs(runDirectory);
      const reading = await databaseReading(pool, bavail * bsize, databaseCounts, seconds);
      databaseCounts = reading.counts;
      await put('database', reading.instance);
      await put('proxy', reading.proxy);
    },
    async () => {
      const reading = await kafkaReading(admin, kafkaBytes, seconds);
      kafkaBytes = reading.bytes;
      await put('kafkaCluster', reading.cluster);
      await put('kafkaBroker', reading.broker);
    },
  ];

  async function publish(): Promise<void> {
    if (subjects.size === 0) subjects = await subjectsOfAlarms(cloudwatch);
    // One that does not answer says so by silence; the others are published all the same.
    const results = await Promise.allSettled(stores.map((store) => store()));
    for (const result of results) if (result.status === 'rejected') sayDefect(result.reason);
  }

  let saidDefect = false;
  function sayDefect(error: unknown): void {
    if (saidDefect || !(error instanceof z.ZodError || error instanceof TypeError)) return;
    saidDefect = true;
    progress(`metrics of the stores are incomplete: ${error.message}`);
  }

  let running: Promise<void> | null = null;
  const turn = (): Promise<void> => {
    running ??= publish()
      .catch(() => undefined)
      .finally(() => {
        running = null;
      });
    return running;
  };
  turn();
  const timer = setInterval(turn, everyMillis);
  return {
    publish: turn,
    async stop() {
      clearInterval(timer);
      await running;
      cloudwatch.destroy();
      await Promise.allSettled([pool.end(), search.close(), admin.close()]);
    },
  };
}

/** What is measured, as the deployed alarms name it. Of several of a kind, as brokers are, the first. */
async function subjectsOfAlarms(cloudwatch: CloudWatchClient): Promise<ReadonlyMap<AwsSource, Subject>> {
  const { rules } = await readAlarms(cloudwatch);
  const queries = [...rules.values()].flatMap(queriesOf);
  const found = new Map<AwsSource, Subject>();
  for (const source of ['search', 'database', 'proxy', 'kafkaCluster', 'kafkaBroker'] as const) {
    const { namespace, dimensions } = awsMetrics[source];
    const names = [...dimensions].sort().join();
    const query = queries.find(
      (one) => one.namespace === namespace && Object.keys(one.dimensions).sort().join() === names,
    );
    if (query !== undefined) found.set(source, query.dimensions);
  }
  return found;
}
