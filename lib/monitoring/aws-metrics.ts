/**
 * The metrics of AWS that dashboards and alarms use: what publishes them, by which dimensions, and the page that says so. A
 * test finds no other in the templates.
 */

export interface AwsMetricSource {
  readonly namespace: string;
  /** Dimensions, all of which a metric of this source has. */
  readonly dimensions: readonly string[];
  readonly source: string;
  /** Names, each with its unit as an axis shows it. */
  readonly units: Readonly<Record<string, string>>;
}

const lambdaPage = 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html';
const kafkaPage = 'https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html';
const searchPage =
  'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html';

export const awsMetrics = {
  lambda: {
    namespace: 'AWS/Lambda',
    dimensions: ['FunctionName'],
    source: lambdaPage,
    units: {
      Invocations: 'Count',
      Errors: 'Count',
      Throttles: 'Count',
      Duration: 'Milliseconds',
      ConcurrentExecutions: 'Count',
      DestinationDeliveryFailures: 'Count',
      OffsetLag: 'Records',
    },
  },
  mapping: {
    namespace: 'AWS/Lambda',
    dimensions: ['EventSourceMappingUUID'],
    source: lambdaPage,
    units: {
      PolledEventCount: 'Records',
      InvokedEventCount: 'Records',
      FailedInvokeEventCount: 'Records',
      DroppedEventCount: 'Records',
      OnFailureDestinationDeliveredEventCount: 'Records',
      CommittedEventCount: 'Records',
      PollingErrorCount: 'Count',
      InvokeErrorCount: 'Count',
      CommitErrorCount: 'Count',
      OnFailureDestinationDeliveryErrorCount: 'Count',
      MaxOffsetLag: 'Records',
      SumOffsetLag: 'Records',
      ProvisionedPollers: 'Count',
      EventPollerUnit: 'Count',
      EventPollerThroughputInBytes: 'Bytes',
    },
  },
  kafkaCluster: {
    namespace: 'AWS/Kafka',
    dimensions: ['Cluster Name'],
    source: kafkaPage,
    units: {
      ActiveControllerCount: 'Count',
      OfflinePartitionsCount: 'Partitions',
      GlobalPartitionCount: 'Partitions',
      GlobalTopicCount: 'Topics',
    },
  },
  kafkaBroker: {
    namespace: 'AWS/Kafka',
    dimensions: ['Cluster Name', 'Broker ID'],
    source: kafkaPage,
    units: {
      CpuUser: 'Percent',
      CpuSystem: 'Percent',
      KafkaDataLogsDiskUsed: 'Percent',
      UnderReplicatedPartitions: 'Partitions',
      UnderMinIsrPartitionCount: 'Partitions',
      BytesInPerSec: 'Bytes per second',
      BytesOutPerSec: 'Bytes per second',
      HeapMemoryAfterGC: 'Percent',
    },
  },
  database: {
    namespace: 'AWS/RDS',
    dimensions: ['DBInstanceIdentifier'],
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html',
    units: {
      CPUUtilization: 'Percent',
      FreeStorageSpace: 'Bytes',
      FreeableMemory: 'Bytes',
      DatabaseConnections: 'Count',
      MaximumUsedTransactionIDs: 'Count',
      ReadLatency: 'Seconds',
      WriteLatency: 'Seconds',
      ReadIOPS: 'Operations per second',
      WriteIOPS: 'Operations per second',
    },
  },
  proxy: {
    namespace: 'AWS/RDS',
    dimensions: ['ProxyName'],
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html',
    units: {
      ClientConnections: 'Count',
      DatabaseConnections: 'Count',
      DatabaseConnectionsCurrentlyBorrowed: 'Count',
      MaxDatabaseConnectionsAllowed: 'Count',
      DatabaseConnectionsBorrowLatency: 'Microseconds',
      QueryDatabaseResponseLatency: 'Microseconds',
    },
  },
  search: {
    namespace: 'AWS/ES',
    dimensions: ['DomainName', 'ClientId'],
    source: searchPage,
    units: {
      'ClusterStatus.red': 'Count',
      'ClusterStatus.yellow': 'Count',
      FreeStorageSpace: 'Megabytes',
      ClusterUsedSpace: 'Megabytes',
      ClusterIndexWritesBlocked: 'Count',
      AutomatedSnapshotFailure: 'Count',
      CPUUtilization: 'Percent',
      JVMMemoryPressure: 'Percent',
      OldGenJVMMemoryPressure: 'Percent',
      MasterCPUUtilization: 'Percent',
      MasterJVMMemoryPressure: 'Percent',
      ThreadpoolWriteQueue: 'Count',
      IndexingLatency: 'Milliseconds',
      SearchLatency: 'Milliseconds',
      SearchableDocuments: 'Documents',
      '5xx': 'Count',
    },
  },
  api: {
    namespace: 'AWS/ApiGateway',
    dimensions: ['ApiName'],
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html',
    units: {
      Count: 'Requests',
      '4XXError': 'Requests',
      '5XXError': 'Requests',
      Latency: 'Milliseconds',
      IntegrationLatency: 'Milliseconds',
    },
  },
  logs: {
    namespace: 'AWS/Logs',
    dimensions: ['LogGroupName'],
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html',
    units: { IncomingBytes: 'Bytes' },
  },
  bucket: {
    namespace: 'AWS/S3',
    dimensions: ['BucketName', 'StorageType'],
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html',
    units: { BucketSizeBytes: 'Bytes' },
  },
} as const satisfies Record<string, AwsMetricSource>;

export type AwsSource = keyof typeof awsMetrics;
export type AwsMetricName<Source extends AwsSource> = keyof (typeof awsMetrics)[Source]['units'] & string;
