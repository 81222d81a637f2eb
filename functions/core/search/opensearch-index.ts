import type { Client } from '@opensearch-project/opensearch';
import { z } from 'zod';
import { ConfigurationError } from '../errors.ts';
import { indexName } from './index-template.ts';
import { itemOutcome } from './item-outcome.ts';
import type { DocumentWrite, IndexOutcome, SearchIndex } from './search-index.ts';

/** Bytes of one bulk request: AWS domains of the small sizes take 10 MiB at most. */
const requestBytes = 5 * 1024 * 1024;

const bulkAnswer = z.object({
  items: z.array(
    z.object({
      index: z.object({ status: z.number(), error: z.object({ type: z.string() }).optional() }),
    }),
  ),
});

/** Writes through the bulk API and classifies every item by itself. */
export function openSearchIndex(client: Client): SearchIndex {
  return {
    async write(writes, generations) {
      const outcomes: IndexOutcome[] = writes.map(() => ({ kind: 'indexed' }));
      for (const request of bulkRequests(writes, generations)) {
        const answered = await send(client, request.lines);
        for (const [item, position] of request.positions.entries()) {
          const outcome = answered?.[item] ?? { kind: 'transient' };
          outcomes[position] = worse(outcomes[position], outcome);
        }
      }
      return outcomes;
    },
  };
}

interface BulkRequest {
  readonly lines: string[];
  /** Position of each item's document in the caller's list. */
  readonly positions: number[];
}

function bulkRequests(writes: readonly DocumentWrite[], generations: readonly number[]): BulkRequest[] {
  const requests: BulkRequest[] = [];
  let current: BulkRequest = { lines: [], positions: [] };
  let bytes = 0;
  for (const [position, { document, version }] of writes.entries()) {
    const source = JSON.stringify(document);
    for (const generation of generations) {
      const action = JSON.stringify({
        index: {
          _index: indexName(generation, document.stored),
          _id: document.id,
          version,
          version_type: 'external_gte',
        },
      });
      const size = Buffer.byteLength(source) + action.length + 2;
      if (bytes > 0 && bytes + size > requestBytes) {
        requests.push(current);
        current = { lines: [], positions: [] };
        bytes = 0;
      }
      current.lines.push(action, source);
      current.positions.push(position);
      bytes += size;
    }
  }
  if (current.positions.length > 0) requests.push(current);
  return requests;
}

/**
 * Outcomes of one request's items, or null if the request as a whole did not get through (connection, 408, 429, 5xx).
 * One that is refused as a whole for what is in it (400, 413) is halved until the offending document is alone.
 * @throws ConfigurationError for any other refusal: repeating it would not help.
 */
async function send(client: Client, lines: readonly string[]): Promise<IndexOutcome[] | null> {
  let answer: { readonly statusCode?: number | null; readonly body: unknown };
  try {
    answer = await client.transport.request({
      method: 'POST',
      path: '/_bulk',
      bulkBody: `${lines.join('\n')}\n`,
    });
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || passes(status) || isBlock(error)) return null;
    if (status === 400 || status === 413) return sendHalves(client, lines, status);
    throw new ConfigurationError(`The index answered ${status}`);
  }
  const parsed = bulkAnswer.safeParse(answer.body);
  return parsed.success ? parsed.data.items.map((item) => itemOutcome(knownError(item.index))) : null;
}

async function sendHalves(client: Client, lines: readonly string[], status: number): Promise<IndexOutcome[] | null> {
  const items = lines.length / 2;
  if (items <= 1) return [{ kind: 'refused', reason: `status ${status}` }];
  const middle = 2 * Math.ceil(items / 2);
  const outcomes: IndexOutcome[] = [];
  for (const half of [lines.slice(0, middle), lines.slice(middle)]) {
    outcomes.push(...((await send(client, half)) ?? half.filter((_, line) => line % 2 === 0).map(() => transient)));
  }
  return outcomes;
}

const transient: IndexOutcome = { kind: 'transient' };

/** Whether a request as a whole was refused for a reason that passes. */
function passes(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function knownError(item: { status: number; error?: { type: string } | undefined }) {
  return item.error === undefined ? { status: item.status } : { status: item.status, error: item.error };
}

function statusOf(error: unknown): number | undefined {
  const shape = z.object({ statusCode: z.number() }).safeParse(error);
  return shape.success ? shape.data.statusCode : undefined;
}

function isBlock(error: unknown): boolean {
  return error instanceof Error && error.message.includes('cluster_block_exception');
}

/** A document is as well off as in the generation where it fares worst. */
function worse(left: IndexOutcome | undefined, right: IndexOutcome): IndexOutcome {
  if (left === undefined || left.kind === 'indexed') return right;
  return left.kind === 'transient' || right.kind !== 'transient' ? left : right;
}
