import { rounded } from '../rounded.ts';

/** What a learner is ranked by. */
export interface Performance {
  readonly agentKey: string;
  /** Distinct activities. */
  readonly activities: number;
  /** Distinct activities with a completion. */
  readonly completed: number;
  /** Distinct activities with a scaled score. */
  readonly scored: number;
  /** Mean of `score.scaled`. */
  readonly averageScore: number;
}

export interface Ranked {
  readonly learner: Performance;
  /** Mean of the components, as it is shown and ranked by. */
  readonly overall: number;
  /** z-scores. */
  readonly components: {
    readonly completion_rate: number;
    readonly average_score: number;
    readonly activities: number;
  };
}

const decimals = 6;

/**
 * Ranks by the mean of the z-scored completion rate, average score and number of activities; ties by agent key. What is
 * compared is what is shown, so that the order never rests on digits nobody sees.
 */
export function ranked(learners: readonly Performance[]): readonly Ranked[] {
  const rate = zScores(learners.map(({ completed, activities }) => completed / activities));
  const score = zScores(learners.map(({ averageScore }) => averageScore));
  const number = zScores(learners.map(({ activities }) => activities));
  return learners
    .map((learner): Ranked => {
      const [r, s, n] = [
        rate(learner.completed / learner.activities),
        score(learner.averageScore),
        number(learner.activities),
      ];
      return {
        learner,
        overall: rounded((r + s + n) / 3, decimals),
        components: {
          completion_rate: rounded(r, decimals),
          average_score: rounded(s, decimals),
          activities: rounded(n, decimals),
        },
      };
    })
    .toSorted(
      (left, right) => right.overall - left.overall || (left.learner.agentKey < right.learner.agentKey ? -1 : 1),
    );
}

/** Distance from the mean in population deviations; 0 where all are equal. */
function zScores(values: readonly number[]): (value: number) => number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  // Equal numbers may leave a deviation of the last digit.
  return (value) => (deviation <= Math.abs(mean) * 1e-12 ? 0 : (value - mean) / deviation);
}
