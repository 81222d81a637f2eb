import type { Client } from '@opensearch-project/opensearch';
import { z } from 'zod';
import { ConfigurationError, TransientError } from '../../core/errors.ts';
import { statementAlias } from '../../core/search/index-template.ts';
import { classified } from '../../core/search/search-errors.ts';

/** The body of a search request. */
export type SearchBody = Readonly<Record<string, unknown>>;

/** What was found; without any index yet there is nothing. */
export interface Found {
  /** How many documents match, where the body tracks it. */
  readonly total: number;
  /** Sources of the documents that were asked for. */
  readonly sources: readonly unknown[];
  /** By name; empty where there is no index yet. */
  readonly aggregations: unknown;
}

const foundBody = z.object({
  timed_out: z.literal(false),
  _shards: z.object({ failed: z.literal(0) }),
  hits: z.object({
    total: z.object({ value: z.number() }).optional(),
    hits: z.array(z.object({ _source: z.unknown() })).default([]),
  }),
  aggregations: z.unknown().optional(),
});
const manyBody = z.object({ responses: z.array(z.unknown()) });

/** Buckets that are only counted are many, and stay where they are. The engine then leaves out empty lists as well. */
const withoutCounted = ['-aggregations.**.counted.buckets', '-responses.aggregations.**.counted.buckets'].join(',');

/**
 * Sends one search to what readers see. An answer of only some of the shards is none.
 * @throws TransientError | ConfigurationError
 */
export async function search(client: Client, body: SearchBody): Promise<Found> {
  const answer = await classified(() =>
    client.transport.request({
      method: 'POST',
      path: `/${statementAlias}/_search`,
      querystring: {
        ignore_unavailable: true,
        allow_no_indices: true,
        allow_partial_search_results: false,
        filter_path: withoutCounted,
      },
      body,
    }),
  );
  return found(answer.body);
}

/**
 * Sends several searches at once; answers in their order.
 * @throws TransientError | ConfigurationError
 */
export async function searchAll(client: Client, bodies: readonly SearchBody[]): Promise<readonly Found[]> {
  const header = JSON.stringify({
    ignore_unavailable: true,
    allow_no_indices: true,
    allow_partial_search_results: false,
  });
  const answer = await classified(() =>
    client.transport.request({
      method: 'POST',
      path: `/${statementAlias}/_msearch`,
      querystring: { filter_path: withoutCounted },
      bulkBody: bodies.map((body) => `${header}\n${JSON.stringify(body)}\n`).join(''),
    }),
  );
  return manyBody.parse(answer.body).responses.map(found);
}

/** One search of several that the engine refused; as a whole the request came through. */
const refusedBody = z.object({
  status: z.union([z.literal(400), z.literal(403), z.literal(404)]),
  error: z.object({ type: z.string() }),
});

function found(body: unknown): Found {
  const refused = refusedBody.safeParse(body);
  if (refused.success) throw new ConfigurationError(`The index answered ${refused.data.error.type}`);
  const parsed = foundBody.safeParse(body);
  if (!parsed.success) throw new TransientError('The index answered a search in part or not at all');
  const { hits, aggregations } = parsed.data;
  return {
    total: hits.total?.value ?? 0,
    sources: hits.hits.map(({ _source }) => _source),
    aggregations: aggregations ?? {},
  };
}
