import { z } from 'zod';
import { percentOf, rounded } from '../rounded.ts';

/** Up to so many distinct things are counted one by one. */
export const exactLimit = 10_000;

/**
 * Greatest relative error of an estimate. The engine's HyperLogLog++ has 2^18 registers at this precision threshold, so
 * a standard error of 1.04 / √(2^18) = 0.2 %; this is five of them.
 * @see https://docs.opensearch.org/latest/aggregations/metric/cardinality/
 */
export const estimateError = 0.01;
const precisionThreshold = 40_000;

/** An aggregation that counts the distinct values of a field: its buckets, and an estimate for when they are too many. */
export function distinct(field: string, filter: object = { match_all: {} }) {
  return {
    filter,
    aggs: {
      counted: { terms: { field, size: exactLimit } },
      buckets: { stats_bucket: { buckets_path: 'counted>_count' } },
      estimate: { cardinality: { field, precision_threshold: precisionThreshold } },
    },
  };
}

/** What the engine answers to `distinct`. */
export const distinctAnswer = z
  .object({
    counted: z.object({ sum_other_doc_count: z.number() }).default({ sum_other_doc_count: 0 }),
    buckets: z.object({ count: z.number() }).default({ count: 0 }),
    estimate: z.object({ value: z.number() }).default({ value: 0 }),
  })
  .prefault({});

export interface Count {
  readonly value: number;
  readonly exact: boolean;
}

export function countOf({ counted, buckets, estimate }: z.infer<typeof distinctAnswer>): Count {
  const exact = counted.sum_other_doc_count === 0;
  return { value: exact ? buckets.count : estimate.value, exact };
}

/** A rate in percent, 2 decimals, null of nothing. A part is never more than its whole, whatever the estimates. */
export function rateOf(part: Count, whole: Count): { readonly value: number | null; readonly exact: boolean } {
  return {
    value: percentOf(Math.min(part.value, whole.value), whole.value),
    exact: part.exact && whole.exact,
  };
}

/**
 * What an answer says of its estimates: the counts and rates named that are not exact, with the greatest relative error.
 * A rate's is that of a part too large against a whole too small.
 */
export function estimates({ counts = {}, rates = {} }: { counts?: Named; rates?: Named }): Record<string, number> {
  const named = (all: Named, bound: number) =>
    Object.entries(all).flatMap(([name, { exact }]): [string, number][] => (exact ? [] : [[name, bound]]));
  return Object.fromEntries([...named(counts, estimateError), ...named(rates, rateError)]);
}

type Named = Readonly<Record<string, { readonly exact: boolean }>>;

const rateError = rounded((1 + estimateError) / (1 - estimateError) - 1, 4);
