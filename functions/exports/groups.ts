import type { Client } from '@opensearch-project/opensearch';
import { z } from 'zod';
import { TransientError } from '../core/errors.ts';
import { statementAlias } from '../core/search/index-template.ts';
import { classified, statusOf } from '../core/search/search-errors.ts';

/** Groups of one request. The engine takes 65,535 at most. */
const pageGroups = 10_000;

/** How long the engine keeps the moment between two requests: a page of the file may wait for the bucket. */
const keepAlive = '10m';

export interface Grouping {
  readonly query: object;
  /** Keyword fields. Groups come in the order of the first, then of the next; what has no value comes first. */
  readonly by: readonly string[];
  readonly aggregations: Readonly<Record<string, object>>;
}

const pageAnswer = z.object({
  timed_out: z.literal(false),
  _shards: z.object({ failed: z.literal(0) }),
  aggregations: z.object({
    groups: z.object({
      after_key: z.record(z.string(), z.string().nullable()).optional(),
      buckets: z.array(z.unknown()),
    }),
  }),
});

/**
 * Every group of documents with equal values of some fields, all of one moment, in order. Exact, however many there are.
 * @param bucket what the engine answers for a group: `key`, `doc_count` and the aggregations.
 * @throws TransientError | ConfigurationError
 */
export async function* groupPages<Bucket>(
  client: Client,
  { query, by, aggregations }: Grouping,
  bucket: z.ZodType<Bucket>,
): AsyncGenerator<readonly Bucket[]> {
  const pit = await openMoment(client);
  if (pit === null) return;
  try {
    let after: Readonly<Record<string, string | null>> | undefined;
    do {
      const sources = by.map((field) => ({ [field]: { terms: { field, missing_bucket: true } } }));
      const { body } = await classified(() =>
        client.transport.request({
          method: 'POST',
          path: '/_search',
          querystring: { allow_partial_search_results: false },
          body: {
            size: 0,
            track_total_hits: false,
            pit: { id: pit, keep_alive: keepAlive },
            query,
            aggs: {
              groups: {
                composite: { size: pageGroups, sources, ...(after === undefined ? {} : { after }) },
                aggs: aggregations,
              },
            },
          },
        }),
      );
      const page = pageAnswer.safeParse(body);
      if (!page.success) throw new TransientError('The index answered a search in part or not at all');
      const { groups } = page.data.aggregations;
      if (groups.buckets.length > 0) yield z.array(bucket).parse(groups.buckets);
      after = groups.buckets.length < pageGroups ? undefined : groups.after_key;
    } while (after !== undefined);
  } finally {
    // It ends by itself too.
    await client.deletePit({ body: { pit_id: [pit] } }).catch(() => undefined);
  }
}

/** A point in time of what readers see; null where there is no index yet. */
async function openMoment(client: Client): Promise<string | null> {
  return classified(async () => {
    try {
      const { body } = await client.createPit({
        index: [statementAlias],
        keep_alive: keepAlive,
        allow_partial_pit_creation: false,
      });
      return body.pit_id;
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  });
}
