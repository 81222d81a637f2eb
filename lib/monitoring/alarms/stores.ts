import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { storeNames } from '../../../functions/core/observability/metric-catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import { awsMetric, math, type StageMetrics } from '../metrics.ts';
import type { Subjects } from '../subjects.ts';
import type { AlarmDefinition, CompositeDefinition } from './definition.ts';

const gib = 1024 ** 3;

/** A health metric of AWS with its recommended threshold. */
type Health = Omit<AlarmDefinition, 'missing'> & Partial<Pick<AlarmDefinition, 'missing'>>;

/** What our own functions say of the stores: the first sign, whatever the reason. */
export function ownStoreAlarms(stage: StageConfiguration, metrics: StageMetrics): AlarmDefinition[] {
  const period = Duration.seconds(stage.observability.alarmPeriodSeconds);
  const { outboxAgeSeconds, driftPeriodSeconds } = stage.observability;
  return [
    ...storeNames.map(
      (store): AlarmDefinition => ({
        kind: `${store}-unavailable`,
        severity: 'page',
        says: `functions find the ${store} down; records wait and flow again by themselves when it is back`,
        metric: metrics.of('store', store, 'storeWaits', { period }),
        when: '>',
        threshold: 0,
        points: [2, 3],
        missing: 'notBreaching',
      }),
    ),
    {
      kind: 'outbox-age',
      severity: 'page',
      says: `decisions about seats have not been announced for ${outboxAgeSeconds} s: learners are not told`,
      metric: metrics.service('outboxAge', 'maintenance', { period }),
      when: '>',
      threshold: outboxAgeSeconds,
      points: [1, 2],
      missing: 'missing',
    },
    {
      kind: 'drift',
      severity: 'ticket',
      says: 'documents are not as their rows: numbers were wrong until the reconciler mended them',
      metric: metrics.service('drift', 'maintenance', { period: Duration.seconds(driftPeriodSeconds) }),
      when: '>',
      threshold: 0,
      points: [2, 3],
      missing: 'notBreaching',
    },
    {
      kind: 'measurements-missing',
      severity: 'ticket',
      says: 'what waits is not measured: the alarms on ages are blind',
      metric: metrics.service('outboxWaiting', 'maintenance', {
        statistic: 'SampleCount',
        period: Duration.minutes(5),
      }),
      when: '<',
      threshold: 1,
      points: [3, 3],
      missing: 'breaching',
    },
  ];
}

/**
 * Health of the stores by AWS's recommended thresholds.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html
 */
export function healthAlarms(
  stage: StageConfiguration,
  subjects: Subjects,
  account: string,
  apiName: string,
): AlarmDefinition[] {
  const all: Health[] = [
    ...databaseHealth(stage, subjects),
    ...indexHealth(stage, [subjects.searchDomain, account]),
    ...brokerHealth(subjects),
    ...apiHealth(apiName),
  ];
  // A store that publishes nothing is down or gone, which its own functions notice.
  return all.map((health) => ({ missing: 'missing', ...health }));
}

function databaseHealth(stage: StageConfiguration, { databaseInstance, databaseProxy }: Subjects): Health[] {
  const { database } = stage;
  const proxy: Health = {
    kind: 'database-connections',
    severity: 'ticket',
    says: 'functions use nearly all connections that the proxy may open',
    metric: math('100 * borrowed / allowed', {
      borrowed: awsMetric('proxy', [databaseProxy], 'DatabaseConnectionsCurrentlyBorrowed'),
      allowed: awsMetric('proxy', [databaseProxy], 'MaxDatabaseConnectionsAllowed'),
    }),
    when: '>',
    threshold: 80,
    points: [5, 5],
    missing: 'notBreaching',
  };
  if (databaseInstance === null || database.mode !== 'create') return [proxy];
  const metric = (name: Parameters<typeof awsMetric<'database'>>[2], statistic: string) =>
    awsMetric('database', [databaseInstance], name, { statistic });
  return [
    proxy,
    {
      kind: 'database-cpu',
      severity: 'ticket',
      says: 'PostgreSQL has used more than 90 % of its processors for five minutes',
      metric: metric('CPUUtilization', 'Average'),
      when: '>',
      threshold: 90,
      points: [5, 5],
    },
    {
      kind: 'database-storage',
      severity: 'page',
      says: 'PostgreSQL has had little storage left for half an hour, although it grows by itself; full, it stops',
      metric: metric('FreeStorageSpace', 'Minimum'),
      when: '<',
      // Where storage grows, it does after five minutes below a tenth; AWS recommends no alarm that goes off with it.
      threshold: database.storageGiB * gib * 0.1,
      points: [30, 30],
    },
    {
      kind: 'database-transaction-ids',
      severity: 'page',
      says: 'PostgreSQL has used a billion transaction ids without vacuum; at two billion it stops',
      metric: metric('MaximumUsedTransactionIDs', 'Maximum'),
      when: '>',
      threshold: 1_000_000_000,
      points: [1, 1],
    },
  ];
}

function indexHealth(stage: StageConfiguration, dimensions: readonly string[]): Health[] {
  const metric = (name: Parameters<typeof awsMetric<'search'>>[2], statistic = 'Maximum', minutes = 1) =>
    awsMetric('search', dimensions, name, { statistic, period: Duration.minutes(minutes) });
  const masters = stage.domain.mode === 'create' && stage.domain.dedicatedMasters > 0;
  const nodeMegabytes = (stage.domain.mode === 'create' ? stage.domain.volumeGiB : 80) * 1_024;
  return [
    {
      kind: 'index-red',
      severity: 'page',
      says: 'a part of the index is not there: searches miss records, writes wait',
      metric: metric('ClusterStatus.red'),
      when: '>=',
      threshold: 1,
      points: [1, 1],
    },
    {
      kind: 'index-yellow',
      severity: 'ticket',
      says: 'a copy of the index is missing; nothing is lost while the others stand',
      metric: metric('ClusterStatus.yellow'),
      when: '>=',
      threshold: 1,
      points: [5, 5],
    },
    {
      kind: 'index-storage',
      severity: 'page',
      says: 'a node of the index has less than a quarter of its storage left; full, it blocks writes',
      metric: metric('FreeStorageSpace', 'Minimum'),
      when: '<=',
      threshold: nodeMegabytes / 4,
      points: [1, 1],
    },
    {
      kind: 'index-writes-blocked',
      severity: 'page',
      says: 'the index refuses writes: records are stored and not searchable',
      metric: metric('ClusterIndexWritesBlocked', 'Maximum', 5),
      when: '>=',
      threshold: 1,
      points: [1, 1],
    },
    {
      kind: 'index-cpu',
      severity: 'ticket',
      says: 'the index has used more than 80 % of its processors for 45 minutes',
      metric: metric('CPUUtilization', 'Maximum', 15),
      when: '>=',
      threshold: 80,
      points: [3, 3],
    },
    {
      kind: 'index-memory',
      severity: 'page',
      says: 'the index is short of memory: above 92 % for half an hour it refuses writes',
      metric: metric('JVMMemoryPressure'),
      when: '>=',
      threshold: 95,
      points: [3, 3],
    },
    {
      kind: 'index-memory',
      subject: 'old-generation',
      severity: 'ticket',
      says: 'what the index holds in memory for good leaves little for requests',
      metric: metric('OldGenJVMMemoryPressure'),
      when: '>=',
      threshold: 80,
      points: [3, 3],
    },
    ...(masters ? masterHealth(metric) : []),
    {
      kind: 'index-snapshot',
      severity: 'ticket',
      says: "the domain's automatic snapshot failed; the index can still be rebuilt from PostgreSQL",
      metric: metric('AutomatedSnapshotFailure'),
      when: '>=',
      threshold: 1,
      points: [1, 1],
    },
  ];
}

/** Of the nodes that lead a domain, where it has such. */
function masterHealth(
  metric: (name: Parameters<typeof awsMetric<'search'>>[2], statistic?: string, minutes?: number) => cloudwatch.Metric,
): Health[] {
  return [
    {
      kind: 'index-cpu',
      subject: 'masters',
      severity: 'ticket',
      says: 'the nodes that lead the index have used more than half of their processors for 45 minutes',
      metric: metric('MasterCPUUtilization', 'Maximum', 15),
      when: '>=',
      threshold: 50,
      points: [3, 3],
    },
    {
      kind: 'index-memory',
      subject: 'masters',
      severity: 'page',
      says: 'the nodes that lead the index are short of memory: without them it stops',
      metric: metric('MasterJVMMemoryPressure'),
      when: '>=',
      threshold: 95,
      points: [3, 3],
    },
  ];
}

function brokerHealth({ cluster }: Subjects): Health[] {
  const brokers = Array.from({ length: cluster.brokers }, (_, index) => String(index + 1));
  const ofBrokers = (name: Parameters<typeof awsMetric<'kafkaBroker'>>[2], prefix: string) =>
    Object.fromEntries(
      brokers.map((id) => [
        `${prefix}${id}`,
        awsMetric('kafkaBroker', [cluster.name, id], name, { statistic: 'Maximum' }),
      ]),
    );
  const most = (terms: readonly string[]) => `MAX([${terms.join(', ')}])`;
  return [
    {
      kind: 'broker-offline-partitions',
      severity: 'page',
      says: 'Kafka has partitions without a leader: producers cannot send and nothing is read from them',
      metric: awsMetric('kafkaCluster', [cluster.name], 'OfflinePartitionsCount', { statistic: 'Maximum' }),
      when: '>',
      threshold: 0,
      points: [1, 1],
    },
    {
      kind: 'broker-controller',
      severity: 'page',
      says: 'Kafka has no controller: no partition gets a new leader',
      metric: awsMetric('kafkaCluster', [cluster.name], 'ActiveControllerCount', { statistic: 'Maximum' }),
      when: '<',
      threshold: 1,
      points: [3, 5],
    },
    {
      kind: 'broker-under-replicated',
      severity: 'ticket',
      says: 'copies of partitions are behind: another broker that fails may stop producers',
      metric: math(most(brokers.map((id) => `b${id}`)), ofBrokers('UnderReplicatedPartitions', 'b')),
      when: '>',
      threshold: 0,
      points: [15, 15],
    },
    {
      kind: 'broker-under-min-isr',
      severity: 'page',
      says: 'partitions have fewer copies in step than producers ask for: what they send is refused',
      metric: math(most(brokers.map((id) => `b${id}`)), ofBrokers('UnderMinIsrPartitionCount', 'b')),
      when: '>=',
      threshold: 1,
      points: [1, 1],
    },
    {
      kind: 'broker-disk',
      severity: 'page',
      says: 'a broker has filled 85 % of its disk; full, it stops',
      metric: math(most(brokers.map((id) => `b${id}`)), ofBrokers('KafkaDataLogsDiskUsed', 'b')),
      when: '>=',
      threshold: 85,
      points: [5, 5],
    },
    {
      kind: 'broker-cpu',
      severity: 'ticket',
      says: 'a broker uses more than 60 % of its processors: the others could not take over its work',
      metric: math(most(brokers.map((id) => `u${id} + s${id}`)), {
        ...ofBrokers('CpuUser', 'u'),
        ...ofBrokers('CpuSystem', 's'),
      }),
      when: '>=',
      threshold: 60,
      points: [10, 15],
    },
  ];
}

function apiHealth(apiName: string): Health[] {
  const sum = (name: 'Count' | '5XXError') => awsMetric('api', [apiName], name);
  return [
    {
      kind: 'api-failing',
      severity: 'page',
      says: 'more than 5 % of the requests for analytics fail',
      metric: math('IF(requests >= 10, 100 * SUM([failed, 0 * requests]) / requests, 0)', {
        requests: sum('Count'),
        failed: sum('5XXError'),
      }),
      when: '>',
      threshold: 5,
      points: [3, 5],
      missing: 'notBreaching',
    },
    {
      kind: 'api-slow',
      severity: 'ticket',
      says: 'one of ten requests for analytics takes longer than 2.5 seconds',
      metric: awsMetric('api', [apiName], 'Latency', { statistic: 'p90' }),
      when: '>=',
      threshold: 2_500,
      points: [5, 5],
      missing: 'notBreaching',
    },
  ];
}

/** What makes symptoms elsewhere: while it is in ALARM, they act on nothing. */
export const storesDown: CompositeDefinition = {
  kind: 'stores-down',
  severity: 'part',
  says: 'a store is known to be down; what follows from it pages nobody',
  anyOf: [
    ...storeNames.map((store) => [`${store}-unavailable`]),
    ['index-red'],
    ['index-writes-blocked'],
    ['broker-offline-partitions'],
    ['broker-controller'],
  ],
  symptom: false,
};
