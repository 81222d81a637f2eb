import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { StageConfiguration } from '../../stage/schema.ts';
import type { AwsMetricName } from '../aws-metrics.ts';
import { awsMetric, type MetricOptions, math } from '../metrics.ts';
import type { Subjects } from '../subjects.ts';
import { graph, heading } from './widgets.ts';

type Rows = cloudwatch.IWidget[][];

export function kafkaDashboard({ stage }: StageConfiguration, { cluster }: Subjects): Rows {
  const brokers = Array.from({ length: cluster.brokers }, (_, index) => String(index + 1));
  const ofBrokers = (name: AwsMetricName<'kafkaBroker'>, statistic: string) =>
    brokers.map((id) => awsMetric('kafkaBroker', [cluster.name, id], name, { label: `broker ${id}`, statistic }));
  const ofCluster = (name: AwsMetricName<'kafkaCluster'>, label: string) =>
    awsMetric('kafkaCluster', [cluster.name], name, { label, statistic: 'Maximum' });
  return [
    [heading(`# Kafka (MSK), stage ${stage}`)],
    [
      graph({
        title: 'Partitions without a leader',
        unit: 'Partitions',
        metrics: [ofCluster('OfflinePartitionsCount', 'without a leader')],
      }),
      graph({
        title: 'Copies that are behind',
        unit: 'Partitions',
        metrics: [
          ...ofBrokers('UnderReplicatedPartitions', 'Maximum'),
          math(
            `MAX([${brokers.map((id) => `m${id}`).join(', ')}])`,
            Object.fromEntries(
              brokers.map((id) => [
                `m${id}`,
                awsMetric('kafkaBroker', [cluster.name, id], 'UnderMinIsrPartitionCount', { statistic: 'Maximum' }),
              ]),
            ),
            { label: 'too few for producers' },
          ),
        ],
      }),
      graph({
        title: 'Controllers (must be one)',
        unit: 'Count',
        metrics: [ofCluster('ActiveControllerCount', 'controllers')],
      }),
    ],
    [
      graph({
        title: 'Processors in use',
        unit: 'Percent',
        metrics: brokers.map((id) =>
          math(
            `user${id} + system${id}`,
            {
              [`user${id}`]: awsMetric('kafkaBroker', [cluster.name, id], 'CpuUser', { statistic: 'Average' }),
              [`system${id}`]: awsMetric('kafkaBroker', [cluster.name, id], 'CpuSystem', { statistic: 'Average' }),
            },
            { label: `broker ${id}` },
          ),
        ),
        lines: [{ value: 60, label: 'makes a ticket' }],
      }),
      graph({
        title: 'Disk in use',
        unit: 'Percent',
        metrics: ofBrokers('KafkaDataLogsDiskUsed', 'Maximum'),
        lines: [{ value: 85, label: 'wakes somebody' }],
      }),
      graph({ title: 'Memory after collection', unit: 'Percent', metrics: ofBrokers('HeapMemoryAfterGC', 'Maximum') }),
    ],
    [
      graph({
        title: 'Bytes in',
        unit: 'Bytes per second',
        metrics: ofBrokers('BytesInPerSec', 'Average'),
        stacked: true,
      }),
      graph({
        title: 'Bytes out',
        unit: 'Bytes per second',
        metrics: ofBrokers('BytesOutPerSec', 'Average'),
        stacked: true,
      }),
      graph({
        title: 'Topics and partitions',
        unit: 'Count',
        metrics: [ofCluster('GlobalTopicCount', 'topics'), ofCluster('GlobalPartitionCount', 'partitions')],
      }),
    ],
  ];
}

export function databaseDashboard({ stage }: StageConfiguration, { databaseInstance, databaseProxy }: Subjects): Rows {
  /** Of each instance that the proxy stands before, hence sums. */
  const proxy = (name: AwsMetricName<'proxy'>, label: string, statistic = 'Sum') =>
    awsMetric('proxy', [databaseProxy], name, { label, statistic });
  const rows: Rows = [
    [heading(`# PostgreSQL (RDS and its proxy), stage ${stage}`)],
    [
      graph({
        title: 'Connections through the proxy',
        unit: 'Connections',
        metrics: [
          proxy('ClientConnections', 'of functions'),
          proxy('DatabaseConnections', 'to PostgreSQL'),
          proxy('DatabaseConnectionsCurrentlyBorrowed', 'in use'),
          proxy('MaxDatabaseConnectionsAllowed', 'at most'),
        ],
      }),
      graph({
        title: 'Wait for a connection',
        unit: 'Microseconds',
        metrics: [proxy('DatabaseConnectionsBorrowLatency', 'average', 'Average')],
      }),
      graph({
        title: 'Answer time of PostgreSQL',
        unit: 'Microseconds',
        metrics: [proxy('QueryDatabaseResponseLatency', 'average', 'Average')],
      }),
    ],
  ];
  if (databaseInstance === null) return rows;
  const instance = (name: AwsMetricName<'database'>, label: string, statistic: string) =>
    awsMetric('database', [databaseInstance], name, { label, statistic });
  return [
    ...rows,
    [
      graph({
        title: 'Processors in use',
        unit: 'Percent',
        metrics: [instance('CPUUtilization', 'in use', 'Average')],
        lines: [{ value: 90, label: 'makes a ticket' }],
      }),
      graph({ title: 'Storage left', unit: 'Bytes', metrics: [instance('FreeStorageSpace', 'left', 'Minimum')] }),
      graph({ title: 'Memory left', unit: 'Bytes', metrics: [instance('FreeableMemory', 'left', 'Minimum')] }),
    ],
    [
      graph({
        title: 'Time of one read or write on disk',
        unit: 'Seconds',
        metrics: [instance('ReadLatency', 'read', 'Average'), instance('WriteLatency', 'write', 'Average')],
      }),
      graph({
        title: 'Reads and writes on disk',
        unit: 'Operations per second',
        metrics: [instance('ReadIOPS', 'reads', 'Average'), instance('WriteIOPS', 'writes', 'Average')],
      }),
      graph({
        title: 'Sessions, and transaction ids without vacuum',
        unit: 'Count',
        metrics: [
          instance('DatabaseConnections', 'sessions', 'Maximum'),
          instance('MaximumUsedTransactionIDs', 'transaction ids', 'Maximum'),
        ],
        lines: [{ value: 1_000_000_000, label: 'wakes somebody' }],
      }),
    ],
  ];
}

export function indexDashboard(
  { stage, domain }: StageConfiguration,
  { searchDomain }: Subjects,
  account: string,
): Rows {
  const masters = domain.mode === 'create' && domain.dedicatedMasters > 0;
  const metric = (name: AwsMetricName<'search'>, label: string, statistic = 'Maximum') =>
    awsMetric('search', [searchDomain, account], name, { label, statistic });
  return [
    [heading(`# Search index (OpenSearch), stage ${stage}`)],
    [
      graph({
        title: 'State of the index (0 is well)',
        unit: 'Yes or no',
        metrics: [
          metric('ClusterStatus.red', 'parts missing (red)'),
          metric('ClusterStatus.yellow', 'copies missing (yellow)'),
          metric('ClusterIndexWritesBlocked', 'writes refused'),
          metric('AutomatedSnapshotFailure', 'snapshot failed'),
        ],
      }),
      graph({
        title: 'Requests that failed',
        unit: 'Requests per minute',
        metrics: [metric('5xx', 'failed', 'Sum')],
      }),
      graph({ title: 'Documents', unit: 'Documents', metrics: [metric('SearchableDocuments', 'searchable')] }),
    ],
    [
      graph({
        title: 'Processors in use',
        unit: 'Percent',
        metrics: [
          metric('CPUUtilization', 'busiest node'),
          ...(masters ? [metric('MasterCPUUtilization', 'busiest master')] : []),
        ],
        lines: [{ value: 80, label: 'makes a ticket' }],
      }),
      graph({
        title: 'Memory in use',
        unit: 'Percent',
        metrics: [
          metric('JVMMemoryPressure', 'fullest node'),
          metric('OldGenJVMMemoryPressure', 'of it held for good'),
          ...(masters ? [metric('MasterJVMMemoryPressure', 'fullest master')] : []),
        ],
        lines: [{ value: 95, label: 'wakes somebody' }],
      }),
      graph({
        title: 'Storage',
        unit: 'Megabytes',
        metrics: [
          metric('FreeStorageSpace', 'left on the fullest node', 'Minimum'),
          metric('ClusterUsedSpace', 'in use'),
        ],
      }),
    ],
    [
      graph({
        title: 'Time to write a document',
        unit: 'Milliseconds',
        metrics: [metric('IndexingLatency', 'average', 'Average')],
      }),
      graph({
        title: 'Time to search one shard',
        unit: 'Milliseconds',
        metrics: [metric('SearchLatency', 'average', 'Average')],
      }),
      graph({
        title: 'Writes that queue',
        unit: 'Requests',
        metrics: [metric('ThreadpoolWriteQueue', 'in the queue')],
      }),
    ],
  ];
}

export function apiDashboard({ stage }: StageConfiguration, api: string, functionName: string): Rows {
  const metric = (name: AwsMetricName<'api'>, options: MetricOptions) => awsMetric('api', [api], name, options);
  const ofFunction = (name: AwsMetricName<'lambda'>, label: string, statistic = 'Sum') =>
    awsMetric('lambda', [functionName], name, { label, statistic });
  return [
    [heading(`# Analytics API, stage ${stage}`)],
    [
      graph({
        title: 'Requests',
        unit: 'Requests per minute',
        metrics: [
          metric('Count', { label: 'all' }),
          metric('4XXError', { label: 'refused (4xx)' }),
          metric('5XXError', { label: 'failed (5xx)' }),
        ],
      }),
      graph({
        title: 'Answer time',
        unit: 'Milliseconds',
        metrics: [
          metric('Latency', { label: 'average', statistic: 'Average' }),
          metric('Latency', { label: 'nine of ten within', statistic: 'p90' }),
          metric('Latency', { label: 'slowest', statistic: 'Maximum' }),
          metric('IntegrationLatency', { label: 'of the function, average', statistic: 'Average' }),
        ],
        lines: [{ value: 2_500, label: 'makes a ticket' }],
      }),
      graph({
        title: 'Function',
        unit: 'Per minute',
        metrics: [
          ofFunction('Invocations', 'invocations'),
          ofFunction('Errors', 'threw'),
          ofFunction('Throttles', 'throttled'),
        ],
      }),
    ],
  ];
}
