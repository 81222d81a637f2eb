import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GenerationEvent,
  type GenerationKind,
  generationKinds,
  generationOf,
} from '../../../functions/content/generation.ts';

let statements = 0;

function at(minute: number, kind: GenerationKind, extensions: Record<string, unknown> = {}): GenerationEvent {
  statements += 1;
  return {
    statementId: `00000000-0000-4000-8000-${String(statements).padStart(12, '0')}`,
    kind,
    occurred: `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000000Z`,
    agentKey: `v1.${kind}`,
    extensions,
  };
}

const progress = (minute: number, percentage: unknown, step = `step ${percentage}`) =>
  at(minute, 'progressed', { progress_percentage: percentage, current_step: step });

const event = fc
  .record({
    minute: fc.nat(6),
    kind: fc.constantFrom(...generationKinds),
    percentage: fc.integer({ min: -10, max: 110 }),
  })
  .map(({ minute, kind, percentage }) =>
    at(minute, kind, { progress_percentage: percentage, current_step: `at ${percentage}`, error_type: 'e' }),
  );
const events = fc.array(event, { minLength: 1, maxLength: 12 });

describe('a generation goes forward only', () => {
  it('requested, processing, completed', () => {
    const history = [
      at(0, 'requested', { prompt_config: { generation_type: 'quiz' }, source_document_ids: ['d1'] }),
      at(1, 'started'),
      progress(2, 50),
      at(3, 'completed', { tokens_used: 6120, duration_seconds: 41, generated_content_size: 18_342 }),
    ];
    expect(history.map((_, index) => generationOf(history.slice(0, index + 1)).status)).toEqual([
      'requested',
      'processing',
      'processing',
      'completed',
    ]);
    expect(generationOf(history)).toMatchObject({
      attempt: 1,
      promptConfig: { generation_type: 'quiz' },
      sourceDocumentIds: ['d1'],
      progressPercentage: 100,
      currentStep: 'step 50',
      tokensUsed: 6120,
      durationSeconds: 41,
      generatedContentSize: 18_342,
      agentKey: 'v1.requested',
      createdAt: '2026-03-01T10:00:00.000000Z',
      startedAt: '2026-03-01T10:01:00.000000Z',
      completedAt: '2026-03-01T10:03:00.000000Z',
      contradictions: 0,
    });
  });

  it.each(['completed', 'failed', 'cancelled'] as const)('after %s, started and progressed change nothing', (kind) => {
    const done = [at(0, 'requested'), at(1, 'started'), progress(2, 40), at(3, kind)];
    expect(generationOf([...done, at(4, 'started'), progress(5, 90)])).toEqual(generationOf(done));
  });

  it('progress never goes back', () => {
    const reached = [at(0, 'requested'), progress(1, 60)];
    expect(generationOf([...reached, progress(2, 30)])).toEqual(generationOf(reached));
    expect(generationOf([...reached, progress(2, 60, 'the same, further')])).toMatchObject({
      currentStep: 'the same, further',
    });
  });

  it('a percentage that is none counts as work that goes on', () => {
    for (const percentage of [101, -1, '50', null, undefined]) {
      expect(generationOf([at(0, 'requested'), progress(1, percentage)])).toMatchObject({
        status: 'processing',
        progressPercentage: null,
      });
    }
  });

  it('the first terminal event by time wins; a different one is counted, the same again is not', () => {
    const completed = [at(0, 'requested'), at(3, 'completed')];
    expect(generationOf([...completed, at(4, 'failed'), at(5, 'cancelled'), at(6, 'completed')])).toEqual({
      ...generationOf(completed),
      contradictions: 2,
    });
  });
});

describe('attempts', () => {
  const failed = [
    at(0, 'requested', { prompt_config: { n: 1 } }),
    progress(1, 80),
    at(2, 'failed', { error_message: 'upstream 529', error_type: 'generation_error', duration_seconds: 9 }),
  ];

  it('a request after a failure opens the next, without what the last one left', () => {
    expect(generationOf(failed)).toMatchObject({
      status: 'failed',
      errorMessage: 'upstream 529',
      progressPercentage: 80,
    });
    expect(generationOf([...failed, at(3, 'requested', { prompt_config: { n: 2 } })])).toMatchObject({
      attempt: 2,
      status: 'requested',
      promptConfig: { n: 2 },
      progressPercentage: null,
      currentStep: null,
      errorMessage: null,
      errorType: null,
      durationSeconds: null,
      completedAt: null,
      createdAt: '2026-03-01T10:00:00.000000Z',
      requestedAt: '2026-03-01T10:03:00.000000Z',
    });
  });

  it.each(['completed', 'cancelled', 'started'] as const)('a request after %s is a repetition', (kind) => {
    const history = [at(0, 'requested', { prompt_config: { n: 1 } }), at(1, kind)];
    expect(generationOf([...history, at(2, 'requested', { prompt_config: { n: 2 } })])).toEqual(generationOf(history));
  });

  it('an event belongs to the attempt that its time falls in, whenever it arrives', () => {
    const second = [...failed, at(10, 'requested'), progress(12, 10)];
    const late = progress(1, 99);
    expect(generationOf([...second, late])).toEqual(generationOf(second));
  });

  it("the first attempt holds what a fast clock's request comes after", () => {
    const request = at(5, 'requested', { prompt_config: { n: 1 } });
    for (const kind of ['started', 'completed', 'failed', 'cancelled'] as const) {
      const early = at(4, kind);
      expect(generationOf([early, request])).toMatchObject({
        attempt: 1,
        status: generationOf([early]).status,
        promptConfig: { n: 1 },
      });
    }
  });

  it('are one more than the requests that follow a failure', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...generationKinds), { minLength: 1, maxLength: 20 }), (kinds) => {
        const history = kinds.map((kind, minute) => at(minute, kind));
        const states = history.map((_, index) => generationOf(history.slice(0, index + 1)));
        for (const [index, state] of states.slice(1).entries()) {
          const before = states[index];
          const opens = kinds[index + 1] === 'requested' && before?.status === 'failed' && before.requestedAt !== null;
          expect(state.attempt - (before?.attempt ?? 0)).toBe(opens ? 1 : 0);
        }
      }),
    );
  });
});

describe('whatever happens', () => {
  it('the state is the same in every order', () => {
    fc.assert(
      fc.property(
        events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(generationOf(shuffled)).toEqual(generationOf(list));
        },
      ),
    );
  });

  it('by time, status and progress go forward within an attempt', () => {
    const rank = { requested: 0, processing: 1, completed: 2, failed: 2, cancelled: 2 };
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...generationKinds), fc.nat(100))), (list) => {
        const history = list.map(([kind, percentage], minute) => at(minute, kind, { progress_percentage: percentage }));
        let before = generationOf([]);
        for (const index of history.keys()) {
          const after = generationOf(history.slice(0, index + 1));
          if (after.attempt === before.attempt) {
            expect(rank[after.status]).toBeGreaterThanOrEqual(rank[before.status]);
            if (rank[before.status] === 2) expect(after.status).toBe(before.status);
            expect(after.progressPercentage ?? 0).toBeGreaterThanOrEqual(before.progressPercentage ?? 0);
          }
          before = after;
        }
      }),
    );
  });
});
