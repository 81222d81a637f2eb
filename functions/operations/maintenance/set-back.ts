import { Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import { consumerGroupId, topicGroups } from '../../../lib/catalogue.ts';
import { type ClusterConnection, clusterClient } from '../../core/runtime/kafka-client.ts';
import type { AnswerTo } from './answer.ts';
import { committedOffsets, offsetsAt, type TopicShape } from './offsets.ts';
import type { RequestFor } from './request.ts';

/** A partition's place of a group, before and after. */
interface Move {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * Sets every consumer group back to the first record at or after an instant, so that what came since is read again: after
 * PostgreSQL was restored to an earlier state. Groups never go forward by it. The mappings must be disabled: a group with
 * members cannot be moved.
 * @throws Error naming a group that still has members.
 */
export async function setBack(
  { to, dryRun }: RequestFor<'set-back'>,
  { stage, connection }: { readonly stage: string; readonly connection: ClusterConnection },
): Promise<AnswerTo<'set-back'>> {
  const admin = new Admin(clusterClient(connection, 'nlj-events-maintenance'));
  try {
    const counts: Record<string, number> = {};
    for (const group of topicGroups) {
      for (const topic of group.topics) {
        const groupId = consumerGroupId(stage, group.name, topic.name);
        const moves = await movesOf(admin, groupId, topic, BigInt(Date.parse(to)));
        counts[topic.name] = moves.reduce((sum, move) => sum + Number(move.from - move.to), 0);
        if (dryRun || moves.length === 0) continue;
        await assertEmpty(admin, groupId);
        await admin.alterConsumerGroupOffsets({
          groupId,
          topics: [
            {
              name: topic.name,
              partitionOffsets: moves.map((move) => ({ partition: move.partition, offset: move.to })),
            },
          ],
        });
      }
    }
    return { action: 'set-back', dryRun, to, topics: counts };
  } finally {
    await admin.close();
  }
}

async function movesOf(admin: Admin, groupId: string, topic: TopicShape, timestamp: bigint): Promise<Move[]> {
  const { partitions } = topic;
  const committed = await committedOffsets(admin, groupId);
  const first = await offsetsAt(admin, topic, timestamp);
  const earliest = await offsetsAt(admin, topic, ListOffsetTimestamps.EARLIEST);
  return Array.from({ length: partitions }, (_, partition) => partition).flatMap((partition) => {
    const from = committed.get(partition) ?? -1n;
    const found = first.get(partition) ?? -1n;
    // Kafka answers -1 where no record is that young.
    const to = found < 0n ? from : found < (earliest.get(partition) ?? 0n) ? (earliest.get(partition) ?? 0n) : found;
    return from > to ? [{ partition, from, to }] : [];
  });
}

async function assertEmpty(admin: Admin, groupId: string): Promise<void> {
  const groups = await admin.describeGroups({ groups: [groupId] });
  const members = groups.get(groupId)?.members.size ?? 0;
  if (members > 0) throw new Error(`Group ${groupId} has ${members} members: disable its mapping first`);
}
