import type { Validated } from './entry.ts';

/** Records and bytes of one transaction: large enough for bulk SQL, small enough to retry and to hold twice in memory. */
export const chunkLimits = { chunkRecords: 1_000, chunkBytes: 4 * 1024 * 1024 };

/** Cuts a batch into chunks of at most so many records and bytes of received values; a larger record stands alone. */
export function chunksOf(
  entries: readonly Validated[],
  { chunkRecords, chunkBytes }: { readonly chunkRecords: number; readonly chunkBytes: number },
): Validated[][] {
  const chunks: Validated[][] = [];
  let current: Validated[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.record.value?.length ?? 0;
    if (current.length > 0 && (current.length >= chunkRecords || bytes + size > chunkBytes)) {
      chunks.push(current);
      current = [];
      bytes = 0;
    }
    current.push(entry);
    bytes += size;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}
