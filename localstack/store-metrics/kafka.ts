import type { Admin } from '@platformatic/kafka';
import { growth, known, type Values } from './reading.ts';

export interface KafkaReading {
  readonly cluster: Values<'kafkaCluster'>;
  readonly broker: Values<'kafkaBroker'>;
  /** Bytes of all logs. */
  readonly bytes: number;
}

/** Copies in step that producers ask for, of the one that there is. */
const minimumInStep = 1;

/**
 * What MSK would publish of the one broker.
 * @param before bytes of the logs so many seconds before: what came in since.
 */
export async function kafkaReading(
  admin: Pick<Admin, 'metadata' | 'listTopics' | 'describeLogDirs'>,
  before: number | undefined,
  seconds: number,
): Promise<KafkaReading> {
  const names = await admin.listTopics();
  const { topics, controllerId } = await admin.metadata({ topics: names, forceUpdate: true });
  const shapes = [...topics];
  const partitions = shapes.flatMap(([, topic]) => topic.partitions);
  const [broker] = await admin.describeLogDirs({
    topics: shapes.map(([name, topic]) => ({ name, partitions: topic.partitions.map((_, index) => index) })),
  });
  const bytes = (broker?.results ?? [])
    .flatMap((folder) => folder.topics.flatMap((topic) => topic.partitions))
    .reduce((sum, { partitionSize }) => sum + Number(partitionSize), 0);
  const grown = growth(bytes, before);
  return {
    bytes,
    cluster: {
      ActiveControllerCount: Number(controllerId >= 0),
      GlobalTopicCount: shapes.length,
      GlobalPartitionCount: partitions.length,
      OfflinePartitionsCount: partitions.filter(({ leader }) => leader < 0).length,
    },
    broker: known<'kafkaBroker'>({
      UnderReplicatedPartitions: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
      UnderMinIsrPartitionCount: partitions.filter(({ isr }) => isr.length < minimumInStep).length,
      BytesInPerSec: grown === undefined ? undefined : grown / seconds,
    }),
  };
}
