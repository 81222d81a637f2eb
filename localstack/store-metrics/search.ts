import { z } from 'zod';
import { growth, known, type Values } from './reading.ts';

const megabyte = 1_024 ** 2;

const statsSchema = z.object({
  nodes: z.record(
    z.string(),
    z.object({
      process: z.object({ cpu: z.object({ percent: z.number() }) }),
      jvm: z.object({
        mem: z.object({
          pools: z.object({
            old: z.object({ max_in_bytes: z.number(), last_gc_stats: z.object({ used_in_bytes: z.number() }) }),
          }),
        }),
      }),
      fs: z.object({ total: z.object({ available_in_bytes: z.number() }) }),
      thread_pool: z.object({ write: z.object({ queue: z.number() }) }),
      indices: z.object({
        docs: z.object({ count: z.number() }),
        store: z.object({ size_in_bytes: z.number() }),
        indexing: z.object({ index_total: z.number(), index_time_in_millis: z.number() }),
        search: z.object({ query_total: z.number(), query_time_in_millis: z.number() }),
      }),
    }),
  ),
});
const healthSchema = z.object({ status: z.enum(['green', 'yellow', 'red']) });
const blocksSchema = z.object({ blocks: z.object({ indices: z.record(z.string(), z.unknown()).optional() }) });

/** Counts that only grow. */
export interface SearchCounts {
  readonly writes: number;
  readonly writeMillis: number;
  readonly searches: number;
  readonly searchMillis: number;
}

export interface SearchReading {
  readonly values: Values<'search'>;
  readonly counts: SearchCounts;
}

/** What the engine answers to `_nodes/stats`, `_cluster/health` and `_cluster/state/blocks`. */
export interface SearchAnswers {
  readonly stats: unknown;
  readonly health: unknown;
  readonly blocks: unknown;
}

/**
 * What OpenSearch Service would publish of the one node.
 * @param before counts of the minute before: latencies are of what came since.
 * @throws ZodError for answers of another form.
 */
export function searchReading(answers: SearchAnswers, before: SearchCounts | undefined): SearchReading {
  const [node] = Object.values(statsSchema.parse(answers.stats).nodes);
  if (node === undefined) throw new Error('The index has no node');
  const { status } = healthSchema.parse(answers.health);
  const { blocks } = blocksSchema.parse(answers.blocks);
  const { indexing, search, docs, store } = node.indices;
  const counts = {
    writes: indexing.index_total,
    writeMillis: indexing.index_time_in_millis,
    searches: search.query_total,
    searchMillis: search.query_time_in_millis,
  };
  const { old } = node.jvm.mem.pools;
  const memory = (100 * old.last_gc_stats.used_in_bytes) / old.max_in_bytes;
  const each = (millis: number | undefined, count: number | undefined) =>
    millis === undefined || count === undefined || count === 0 ? undefined : millis / count;
  return {
    counts,
    values: known<'search'>({
      'ClusterStatus.red': Number(status === 'red'),
      'ClusterStatus.yellow': Number(status === 'yellow'),
      ClusterIndexWritesBlocked: Number(Object.keys(blocks.indices ?? {}).length > 0),
      FreeStorageSpace: node.fs.total.available_in_bytes / megabyte,
      ClusterUsedSpace: store.size_in_bytes / megabyte,
      CPUUtilization: node.process.cpu.percent,
      JVMMemoryPressure: memory,
      OldGenJVMMemoryPressure: memory,
      ThreadpoolWriteQueue: node.thread_pool.write.queue,
      IndexingLatency: each(growth(counts.writeMillis, before?.writeMillis), growth(counts.writes, before?.writes)),
      SearchLatency: each(growth(counts.searchMillis, before?.searchMillis), growth(counts.searches, before?.searches)),
      SearchableDocuments: docs.count,
    }),
  };
}
