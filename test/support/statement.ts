import { randomUUID } from 'node:crypto';

/** A valid statement of a learner, with what a test changes. */
export function statement(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> & { id: string } {
  return {
    id: randomUUID(),
    version: '1.0.3',
    timestamp: '2026-03-01T10:00:00.000Z',
    actor: { objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: randomUUID() } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { 'en-US': 'completed' } },
    object: { objectType: 'Activity', id: `http://nlj.platform/activities/${randomUUID()}` },
    ...changes,
  };
}
