import { expect, it } from 'vitest';
import { silent } from '../../../../functions/core/observability/emit.ts';
import type { MaintenanceAnswer } from '../../../../functions/operations/maintenance/answer.ts';
import { answerMetrics } from '../../../../functions/operations/maintenance/answer-metrics.ts';

function emitted(answer: MaintenanceAnswer): [string, object][] {
  const found: [string, object][] = [];
  answerMetrics((service) => ({ ...silent, service: (values) => found.push([service, values]) }))(answer);
  return found;
}

it('says what waits, and the age of unread records as that of their group', () => {
  const database = { outboxWaiting: 3, outboxAge: 12.5, deadLettersWaiting: 1, documentsDue: 0 };
  expect(emitted({ action: 'measure', database, unreadAge: { survey: 0, training: 60 }, unanswered: [] })).toEqual([
    ['maintenance', database],
    ['survey', { unreadAge: 0 }],
    ['training', { unreadAge: 60 }],
  ]);
});

it('says nothing of a store that did not answer', () => {
  expect(emitted({ action: 'measure', database: null, unreadAge: null, unanswered: [] })).toEqual([]);
});

it('counts what the reconciler mended as wrong, once, and what it could not mend not yet', () => {
  const drift = { pending: 5, missing: 1, outdated: 1, orphaned: 0, joined: 2 };
  expect(emitted({ action: 'reconcile', drift, left: 5, complete: true, sweeps: 0, retired: 0 })).toEqual([
    ['maintenance', { drift: 7, driftLeft: 5, incorrect: 2, statementsJoined: 2 }],
  ]);
});
