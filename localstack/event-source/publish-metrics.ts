import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import { errorFields, type Log } from './log.ts';
import type { Mapping } from './mapping.ts';
import { type CountedValues, countedValues, functionMetrics, type Lag, mappingMetrics } from './mapping-metrics.ts';
import type { Supervisor } from './supervisor.ts';

export interface PublishOptions {
  readonly client: CloudWatchClient;
  readonly supervisor: Pick<Supervisor, 'counters' | 'mappings'>;
  readonly lagOf: (mapping: Mapping) => Promise<Lag>;
  readonly everyMs: number;
  readonly log: Log;
}

/** Publishes the metrics of all mappings at work, now and then. What cannot be published is counted with the next. */
export function publishMetrics(options: PublishOptions): { stop(): void } {
  const { client, supervisor, lagOf, everyMs, log } = options;
  const published = new Map<string, CountedValues>();
  let failing = false;

  async function publish(): Promise<void> {
    const counters = new Map(supervisor.counters().map((own) => [own.uuid, countedValues(own)]));
    const data: MetricDatum[] = [];
    const functions = new Map<string, { readonly lags: Lag[]; failed: number }>();
    for (const mapping of supervisor.mappings()) {
      const now = counters.get(mapping.uuid);
      if (now === undefined) continue;
      const before = published.get(mapping.uuid);
      const lag = await lagOf(mapping).catch(() => null);
      data.push(...mappingMetrics(mapping, before, now, lag, everyMs / 60_000));
      const own = functions.get(mapping.functionArn) ?? { lags: [], failed: 0 };
      if (lag !== null) own.lags.push(lag);
      own.failed += now.errors.destination - (before?.errors.destination ?? 0);
      functions.set(mapping.functionArn, own);
    }
    for (const [arn, { lags, failed }] of functions) data.push(...functionMetrics(arn, lags, failed));
    if (data.length === 0) return;
    const Timestamp = new Date();
    await client.send(
      new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: data.map((datum) => ({ ...datum, Timestamp })) }),
    );
    for (const [uuid, values] of counters) published.set(uuid, values);
  }

  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    publish()
      .then(
        () => {
          failing = false;
        },
        (error: unknown) => {
          if (!failing) log.warn('metrics not published', errorFields(error));
          failing = true;
        },
      )
      .finally(() => {
        running = false;
      });
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

/** How far a mapping's consumer group is behind the ends of its topics' partitions. */
export function createLagLookup(brokers: readonly string[], clientId: string): (mapping: Mapping) => Promise<Lag> {
  const admin = new Admin({ clientId, bootstrapBrokers: [...brokers], retries: 0 });
  return async ({ consumerGroupId, topics }) => {
    const { topics: shapes } = await admin.metadata({ topics: [...topics] });
    const at = async (timestamp: bigint) => {
      const listed = await admin.listOffsets({
        topics: [...shapes].map(([name, { partitionsCount }]) => ({
          name,
          partitions: Array.from({ length: partitionsCount }, (_, partitionIndex) => ({ partitionIndex, timestamp })),
        })),
      });
      return new Map(
        listed.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex, offset }) => [`${name}-${partitionIndex}`, offset] as const),
        ),
      );
    };
    const [ends, starts, [group]] = await Promise.all([
      at(ListOffsetTimestamps.LATEST),
      at(ListOffsetTimestamps.EARLIEST),
      admin.listConsumerGroupOffsets({ groups: [consumerGroupId] }),
    ]);
    const committed = new Map(
      (group?.topics ?? []).flatMap(({ name, partitions }) =>
        partitions.map(
          ({ partitionIndex, committedOffset }) => [`${name}-${partitionIndex}`, committedOffset] as const,
        ),
      ),
    );
    const behind = [...ends].map(([partition, end]) => {
      const own = committed.get(partition) ?? -1n;
      return Math.max(0, Number(end - (own < 0n ? (starts.get(partition) ?? 0n) : own)));
    });
    return { largest: Math.max(0, ...behind), sum: behind.reduce((sum, records) => sum + records, 0) };
  };
}
