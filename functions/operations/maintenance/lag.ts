import { Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import { consumerGroupId, topicGroups } from '../../../lib/catalogue.ts';
import { type ClusterConnection, clusterClient } from '../../core/runtime/kafka-client.ts';
import type { AnswerTo, PartitionLag } from './answer.ts';
import { committedOffsets, offsetsAt } from './offsets.ts';

/** Where each partition's consumer group stands. */
export async function lag({
  stage,
  connection,
}: {
  readonly stage: string;
  readonly connection: ClusterConnection;
}): Promise<AnswerTo<'lag'>> {
  const admin = new Admin(clusterClient(connection, 'nlj-events-maintenance'));
  try {
    const partitions: PartitionLag[] = [];
    for (const group of topicGroups) {
      for (const topic of group.topics) {
        const committed = await committedOffsets(admin, consumerGroupId(stage, group.name, topic.name));
        const earliest = await offsetsAt(admin, topic, ListOffsetTimestamps.EARLIEST);
        const end = await offsetsAt(admin, topic, ListOffsetTimestamps.LATEST);
        for (let partition = 0; partition < topic.partitions; partition += 1) {
          partitions.push(
            partitionLag(group.name, topic.name, partition, {
              committed: committed.get(partition),
              earliest: earliest.get(partition) ?? 0n,
              end: end.get(partition) ?? 0n,
            }),
          );
        }
      }
    }
    return { action: 'lag', partitions };
  } finally {
    await admin.close();
  }
}

interface Place {
  /** −1 or undefined where the group has committed nothing. */
  readonly committed: bigint | undefined;
  readonly earliest: bigint;
  readonly end: bigint;
}

/** A group that has committed nothing begins with the oldest record, and so does one whose next record is gone. */
export function partitionLag(group: string, topic: string, partition: number, place: Place): PartitionLag {
  const { earliest, end } = place;
  const committed = place.committed === -1n ? undefined : place.committed;
  const next = committed === undefined || committed < earliest ? earliest : committed;
  return {
    group,
    topic,
    partition,
    committed: committed === undefined ? null : Number(committed),
    earliest: Number(earliest),
    end: Number(end),
    lag: Math.max(0, Number(end - next)),
  };
}
