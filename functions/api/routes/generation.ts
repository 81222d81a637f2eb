import { z } from 'zod';
import { readGeneration } from '../../content/read.ts';
import { forbidden, maySee } from '../access/access.ts';
import { nothing, uuid } from '../http/parameters.ts';
import { data, defineRoute, noBody, notFound } from '../route.ts';

const time = z.iso.datetime().nullable();

export const getGeneration = defineRoute({
  method: 'GET',
  path: '/api/generation/sessions/{id}',
  operationId: 'getGenerationSession',
  summary: 'How far a content generation is',
  description: 'Of another one than his own, or of none, who is no ADMIN hears the same: 403.',
  access: 'owner',
  params: z.strictObject({ id: uuid }),
  query: nothing,
  body: noBody,
  data: z.strictObject({
    session_id: z.guid(),
    status: z.enum(['requested', 'processing', 'completed', 'failed', 'cancelled']),
    attempt: z.int().positive(),
    progress_percentage: z.number().min(0).max(100).nullable(),
    current_step: z.string().nullable(),
    error: z.strictObject({ type: z.string().nullable(), message: z.string().nullable() }).nullable(),
    content_id: z.guid().nullable(),
    created_at: time,
    started_at: time,
    completed_at: time,
  }),
  also: [404],
  async answer({ params, caller }, { stores }) {
    const view = await readGeneration(stores.pool, params.id);
    if (!maySee(caller, view?.agent_key ?? null)) return forbidden();
    if (view === null) return notFound('generation session');
    const { id, agent_key: _, error_type, error_message, ...shown } = view;
    const failed = error_type !== null || error_message !== null;
    return data({ session_id: id, ...shown, error: failed ? { type: error_type, message: error_message } : null });
  },
});
