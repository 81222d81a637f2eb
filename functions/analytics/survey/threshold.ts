import type { ReadingStores } from '../stores.ts';

/** Below this a figure is never shown, whatever the stage says (spec: search.md, Anonymity). */
const leastThreshold = 4;

/** Fewest respondents that a figure may be of. */
export function figureThreshold({ anonymityThreshold }: Pick<ReadingStores, 'anonymityThreshold'>): number {
  return Math.max(leastThreshold, anonymityThreshold);
}
