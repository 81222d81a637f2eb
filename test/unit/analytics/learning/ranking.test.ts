import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Performance, ranked } from '../../../../functions/analytics/learning/ranking.ts';

const someone = (changes: Partial<Performance>): Performance => ({
  agentKey: 'v1.a',
  activities: 10,
  completed: 5,
  scored: 5,
  averageScore: 0.5,
  ...changes,
});

describe('ranked', () => {
  it('is the mean of three z-scores, in population deviations', () => {
    const learners = [
      someone({ agentKey: 'v1.a', activities: 10, completed: 10, averageScore: 0.9 }),
      someone({ agentKey: 'v1.b', activities: 20, completed: 10, averageScore: 0.5 }),
    ];
    expect(ranked(learners).map(({ learner, overall, components }) => [learner.agentKey, overall, components])).toEqual(
      [
        ['v1.a', 0.333333, { completion_rate: 1, average_score: 1, activities: -1 }],
        ['v1.b', -0.333333, { completion_rate: -1, average_score: -1, activities: 1 }],
      ],
    );
  });

  it('has 0 where a deviation is 0, and then goes by agent key', () => {
    const learners = ['v1.c', 'v1.a', 'v1.b'].map((agentKey) => someone({ agentKey, averageScore: 0.1 + 0.2 }));
    expect(ranked(learners).map(({ learner }) => learner.agentKey)).toEqual(['v1.a', 'v1.b', 'v1.c']);
    expect(ranked(learners).map(({ overall }) => overall)).toEqual([0, 0, 0]);
  });

  it('of nobody is nobody, of one is that one', () => {
    expect(ranked([])).toEqual([]);
    expect(ranked([someone({})])).toHaveLength(1);
  });

  it('does not depend on the order in which learners come', () => {
    const learners = fc.uniqueArray(
      fc.record({
        agentKey: fc.stringMatching(/^v1\.[a-z]{3}$/),
        activities: fc.integer({ min: 5, max: 9 }),
        completed: fc.integer({ min: 0, max: 5 }),
        scored: fc.constant(5),
        averageScore: fc.integer({ min: -10, max: 10 }).map((tenths) => tenths / 10),
      }),
      { selector: ({ agentKey }) => agentKey, maxLength: 30 },
    );
    fc.assert(
      fc.property(learners, (all) => {
        const keys = (list: readonly Performance[]) => ranked(list).map(({ learner }) => learner.agentKey);
        expect(keys(all)).toEqual(keys(all.toReversed()));
      }),
    );
  });
});
