import { z } from 'zod';

/** What the engine answers to a metric: null of nothing. */
export const metric = z.object({ value: z.number().nullable().default(null) }).prefault({});

/** What it answers to a filter that is only counted. */
export const filtered = z.object({ doc_count: z.number() }).default({ doc_count: 0 });

/** What it answers to `terms`. */
export const termCounts = z
  .object({ buckets: z.array(z.object({ key: z.string(), doc_count: z.number() })).default([]) })
  .prefault({});

/** What it answers to a histogram of days. */
export const dayCounts = z
  .object({ buckets: z.array(z.object({ key_as_string: z.string(), doc_count: z.number() })).default([]) })
  .prefault({});
