import type { Admin } from '@platformatic/kafka';

/** Offsets by partition. */
export type Offsets = ReadonlyMap<number, bigint>;

/** What a group has committed, of its one topic; partitions of which it has committed nothing are absent. */
export async function committedOffsets(admin: Admin, groupId: string): Promise<Offsets> {
  const [group] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
  const all = (group?.topics ?? []).flatMap((topic) =>
    topic.partitions.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset] as const),
  );
  return new Map(all.filter(([, offset]) => offset >= 0n));
}

/** A topic's first offsets at or after a timestamp, or what one of Kafka's special timestamps stands for. */
export async function offsetsAt(
  admin: Admin,
  { name, partitions }: { readonly name: string; readonly partitions: number },
  timestamp: bigint,
): Promise<Offsets> {
  const indexes = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
  const listed = await admin.listOffsets({ topics: [{ name, partitions: indexes }] });
  return new Map(
    listed.flatMap((topic) => topic.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset])),
  );
}
