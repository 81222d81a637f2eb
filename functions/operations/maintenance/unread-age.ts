import { Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import { consumerGroupId, topicGroups } from '../../../lib/catalogue.ts';
import { type ClusterConnection, clusterClient } from '../../core/runtime/kafka-client.ts';
import { committedOffsets, offsetsAt } from './offsets.ts';

/** The first age that is asked for, in seconds; each further one is twice as long. */
const firstSeconds = 15;

/** Offsets of one topic by partition. */
export interface TopicOffsets {
  readonly committed: ReadonlyMap<number, bigint>;
  readonly end: ReadonlyMap<number, bigint>;
  readonly earliest: ReadonlyMap<number, bigint>;
}

/**
 * Seconds that the oldest record which is not done has lain in Kafka, at the least: the largest step of 15 s, 30 s, 60 s … up to the
 * retention before which some partition has an unread record. 0 where all that is older than the first step is done. It asks for
 * offsets by time and reads no record.
 * @param offsetsBefore by partition, the first offset at or after so many seconds ago; −1 where no record is that young.
 */
export async function unreadAge(
  { committed, end, earliest }: TopicOffsets,
  retentionSeconds: number,
  offsetsBefore: (seconds: number) => Promise<ReadonlyMap<number, bigint>>,
): Promise<number> {
  const unread = [...end].flatMap(([partition, last]) => {
    const from = committed.get(partition) ?? -1n;
    const next = from < 0n ? (earliest.get(partition) ?? 0n) : from;
    return next < last ? [{ partition, next, last }] : [];
  });
  let age = 0;
  for (let seconds = firstSeconds; seconds <= retentionSeconds && unread.length > 0; seconds *= 2) {
    const first = await offsetsBefore(seconds);
    const older = unread.some(({ partition, next, last }) => {
      const young = first.get(partition) ?? -1n;
      return next < (young < 0n ? last : young);
    });
    if (!older) break;
    age = seconds;
  }
  return age;
}

/** The age of the oldest record that is not done, by topic group. @throws Error of the cluster. */
export async function unreadAges(stage: string, connection: ClusterConnection): Promise<Record<string, number>> {
  const admin = new Admin(clusterClient(connection, 'nlj-events-measure'));
  try {
    const ages: Record<string, number> = {};
    for (const group of topicGroups) {
      for (const topic of group.topics) {
        const [committed, end, earliest] = await Promise.all([
          committedOffsets(admin, consumerGroupId(stage, group.name, topic.name)),
          offsetsAt(admin, topic, ListOffsetTimestamps.LATEST),
          offsetsAt(admin, topic, ListOffsetTimestamps.EARLIEST),
        ]);
        const now = Date.now();
        const age = await unreadAge({ committed, end, earliest }, topic.retentionDays * 86_400, (seconds) =>
          offsetsAt(admin, topic, BigInt(now - seconds * 1_000)),
        );
        ages[group.name] = Math.max(ages[group.name] ?? 0, age);
      }
    }
    return ages;
  } finally {
    await admin.close();
  }
}
