import { expect, it } from 'vitest';
import { kafkaReading } from '../../../localstack/store-metrics/kafka.ts';
import { growth } from '../../../localstack/store-metrics/reading.ts';
import { searchReading } from '../../../localstack/store-metrics/search.ts';

const stats = {
  nodes: {
    one: {
      process: { cpu: { percent: 12 } },
      jvm: { mem: { pools: { old: { max_in_bytes: 400, last_gc_stats: { used_in_bytes: 100 } } } } },
      fs: { total: { available_in_bytes: 5 * 1_024 ** 2 } },
      thread_pool: { write: { queue: 3 } },
      indices: {
        docs: { count: 70 },
        store: { size_in_bytes: 1_024 ** 2 },
        indexing: { index_total: 30, index_time_in_millis: 90 },
        search: { query_total: 8, query_time_in_millis: 20 },
      },
    },
  },
};
const well = { stats, health: { status: 'green' }, blocks: { blocks: {} } };

it('what only grows counts since the time before, and not at first or after a new start', () => {
  expect(growth(5, 3)).toBe(2);
  expect(growth(5, undefined)).toBeUndefined();
  expect(growth(2, 3)).toBeUndefined();
});

it('reads of the index what the domain would publish; latencies are of the last minute', () => {
  const first = searchReading(well, undefined);
  expect(first.values).toEqual({
    'ClusterStatus.red': 0,
    'ClusterStatus.yellow': 0,
    ClusterIndexWritesBlocked: 0,
    FreeStorageSpace: 5,
    ClusterUsedSpace: 1,
    CPUUtilization: 12,
    JVMMemoryPressure: 25,
    OldGenJVMMemoryPressure: 25,
    ThreadpoolWriteQueue: 3,
    SearchableDocuments: 70,
  });
  const before = { writes: 20, writeMillis: 50, searches: 8, searchMillis: 20 };
  expect(searchReading(well, before).values).toMatchObject({ IndexingLatency: 4 });
  expect(searchReading(well, before).values).not.toHaveProperty('SearchLatency');
});

it.each([
  [
    { ...well, health: { status: 'red' } },
    { 'ClusterStatus.red': 1, 'ClusterStatus.yellow': 0 },
  ],
  [
    { ...well, health: { status: 'yellow' } },
    { 'ClusterStatus.red': 0, 'ClusterStatus.yellow': 1 },
  ],
  [{ ...well, blocks: { blocks: { indices: { one: { 8: {} } } } } }, { ClusterIndexWritesBlocked: 1 }],
])('tells the state of the index', (answers, expected) => {
  expect(searchReading(answers, undefined).values).toMatchObject(expected);
});

it('counts of a broker the partitions that nobody leads, whose copies are behind, or too few', async () => {
  const partition = (leader: number, isr: number[]) => ({
    leader,
    leaderEpoch: 0,
    replicas: [1],
    isr,
    offlineReplicas: [],
  });
  const topic = {
    id: 't',
    partitionsCount: 3,
    lastUpdate: 0,
    partitions: [partition(1, [1]), partition(-1, []), partition(1, [1])],
  };
  const admin = {
    listTopics: async () => ['t'],
    metadata: async () => ({
      id: 'c',
      brokers: new Map(),
      controllerId: 1,
      lastUpdate: 0,
      topics: new Map([['t', topic]]),
    }),
    describeLogDirs: async () => [
      {
        broker: 1,
        throttleTimeMs: 0,
        results: [
          {
            logDir: '/d',
            totalBytes: 0n,
            usableBytes: 0n,
            topics: [
              {
                name: 't',
                partitions: [{ partitionIndex: 0, partitionSize: 700n, offsetLag: 0n, isFutureKey: false }],
              },
            ],
          },
        ],
      },
    ],
  };
  const { cluster, broker, bytes } = await kafkaReading(admin, 100, 60);
  expect(bytes).toBe(700);
  expect(cluster).toEqual({
    ActiveControllerCount: 1,
    GlobalTopicCount: 1,
    GlobalPartitionCount: 3,
    OfflinePartitionsCount: 1,
  });
  expect(broker).toEqual({ UnderReplicatedPartitions: 1, UnderMinIsrPartitionCount: 1, BytesInPerSec: 10 });
});
