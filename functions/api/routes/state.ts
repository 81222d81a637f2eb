import { createHash } from 'node:crypto';
import { z } from 'zod';
import { freshness } from '../../analytics/state/freshness.ts';
import { health, healthData } from '../../analytics/state/health.ts';
import { matchesEtag } from '../http/etag.ts';
import { nothing } from '../http/parameters.ts';
import { data, defineRoute, noBody } from '../route.ts';

export const getHealth = defineRoute({
  method: 'GET',
  path: '/api/analytics/health',
  operationId: 'getHealth',
  summary: 'Whether each part works, asked now',
  description: 'A part that does not work makes the whole degraded, and the answer is still 200.',
  access: 'view_analytics',
  params: nothing,
  query: nothing,
  body: noBody,
  data: healthData,
  answer: async (_, { stores }) => data(await health(stores)),
});

/** `generated_at` of an index without a statement. */
const beginning = new Date(0).toISOString();

export const getFreshness = defineRoute({
  method: 'GET',
  path: '/api/analytics/freshness',
  operationId: 'getFreshness',
  summary: 'How far the index is: made for polling',
  description:
    'Ask with `If-None-Match` and fetch numbers anew when the answer is not 304. `generated_at` is the stored time of the newest statement, so that equal states are equal bytes.',
  access: 'signed-in',
  params: nothing,
  query: nothing,
  body: noBody,
  data: z.strictObject({
    newest_indexed: z.iso
      .datetime()
      .nullable()
      .describe('Stored time of the newest statement that numbers are made of'),
    lag_seconds: z
      .number()
      .nonnegative()
      .describe('So much later is the newest statement of the ledger; 0 when the index has caught up'),
    watermark: z.string().describe('Opaque; another one whenever something that numbers are made of has changed'),
  }),
  conditional: true,
  async answer({ headers }, { stores }) {
    const state = await freshness(stores);
    const etag = `"${createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22)}"`;
    const entity = { ETag: etag, 'Cache-Control': 'no-cache' };
    if (matchesEtag(headers['if-none-match'], etag)) return { kind: 'not-modified', headers: entity };
    return data(state, { headers: entity, generatedAt: state.newest_indexed ?? beginning });
  },
});
