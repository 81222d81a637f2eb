import type { Admin } from '@platformatic/kafka';

export interface TopicShape {
  readonly name: string;
  readonly partitions: number;
}

/** A group's offsets by partition of its one topic; −1 where it has committed none. */
export async function committedOffsets(admin: Admin, groupId: string): Promise<ReadonlyMap<number, bigint>> {
  const [group] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
  return new Map(
    (group?.topics ?? []).flatMap((topic) =>
      topic.partitions.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset] as const),
    ),
  );
}

/** By partition, the offset of the first record at or after a time; −1 where none is that young. */
export async function offsetsAt(
  admin: Admin,
  { name, partitions }: TopicShape,
  timestamp: bigint,
): Promise<ReadonlyMap<number, bigint>> {
  const listed = await admin.listOffsets({
    topics: [
      { name, partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp })) },
    ],
  });
  return new Map(
    listed.flatMap((topic) => topic.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset])),
  );
}
