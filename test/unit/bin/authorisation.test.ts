import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { authorisationDocument } from '../../../bin/docs/authorisation.ts';
import type { Access } from '../../../functions/api/access/access.ts';
import { routes } from '../../../functions/api/routes/index.ts';

it('docs/authorisation.md says what the routes say (else: npm run docs:authorisation)', async () => {
  const file = await readFile(new URL('../../../docs/authorisation.md', import.meta.url), 'utf8');
  expect(file).toBe(authorisationDocument(routes));
});

/** As spec/api.md has it, written down a second time. */
const specified: Readonly<Record<string, Access>> = {
  'GET /api/analytics/health': 'view_analytics',
  'GET /api/analytics/overview': 'view_analytics',
  'GET /api/analytics/completion-stats': 'view_analytics',
  'POST /api/analytics/learners/search': 'manage_users',
  'GET /api/analytics/learner/{learner}': 'self',
  'GET /api/analytics/learner/{learner}/statements': 'self',
  'GET /api/analytics/activity': 'view_analytics',
  'GET /api/analytics/activity/statements': 'view_analytics',
  'GET /api/analytics/trends': 'view_analytics',
  'GET /api/analytics/dashboard': 'dashboard',
  'GET /api/analytics/top-performers': 'view_analytics',
  'GET /api/analytics/top-performers/{category}': 'view_analytics',
  'POST /api/analytics/exports': 'manage_users',
  'GET /api/analytics/exports/{id}': 'manage_users',
  'GET /api/analytics/freshness': 'signed-in',
  'GET /api/surveys/{id}/analytics': 'view_analytics',
  'GET /api/surveys/{id}/questions/{qid}/analytics': 'view_analytics',
  'GET /api/surveys/{id}/stats': 'view_analytics',
  'GET /api/surveys/{id}/demographics': 'view_analytics',
  'GET /api/surveys/{id}/responses': 'view_analytics',
  'GET /api/training/sessions': 'signed-in',
  'GET /api/training/sessions/{id}': 'signed-in',
  'GET /api/training/bookings/{id}': 'owner',
  'GET /api/generation/sessions/{id}': 'owner',
  'GET /api/operations/dead-letters': 'manage_users',
  'GET /api/openapi.json': 'public',
};

it('every route of the contract is there, with the access that the contract gives it', () => {
  const defined = Object.fromEntries(routes.map(({ method, path, access }) => [`${method} ${path}`, access]));
  expect(defined).toEqual(specified);
});
