import { z } from 'zod';
import { exactLimit } from './distinct.ts';

/** Groups of one request when the groups of a field are divided among several: well below what one request counts. */
const groupsOfPart = 5_000;

/** One part of the values of a field, divided by a hash. */
export interface Part {
  readonly partition: number;
  readonly num_partitions: number;
}

/** The parts in which so many values, an estimate, are few enough for one request each. */
export function partsFor(values: number, perPart = groupsOfPart): readonly Part[] {
  const num_partitions = Math.max(1, Math.ceil(values / perPart));
  return Array.from({ length: num_partitions }, (_, partition) => ({ partition, num_partitions }));
}

/** The documents of each value of a field, or of those of one part. Without a part: those of 10,000 values at most. */
export function groupedBy(field: string, part: Part | undefined, aggs: object) {
  return { terms: { field, size: exactLimit, ...(part === undefined ? {} : { include: part }) }, aggs };
}

/** Sums what each group has. */
export function sumOver(path: string) {
  return { sum_bucket: { buckets_path: path } };
}

/** How many groups there are. */
export function groupCount(groups: string) {
  return { stats_bucket: { buckets_path: `${groups}>_count` } };
}

/** What the engine answers to `groupedBy` about what it left out. */
export const left = z.object({ sum_other_doc_count: z.number() }).default({ sum_other_doc_count: 0 });

/** What it answers to `groupCount`. */
export const groups = z.object({ count: z.number() }).default({ count: 0 });
