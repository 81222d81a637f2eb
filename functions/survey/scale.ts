import type { ValidStatement } from '../core/xapi/index.ts';

/** Least and greatest answer of a question. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/**
 * The scale of a `survey.answered` statement's question: from the definition, whose points have numbers as ids, else
 * `score.min` and `score.max`, else null.
 */
export function scaleOf({ object, result }: ValidStatement): Scale | null {
  const points = 'definition' in object ? object.definition?.scale : undefined;
  const numbers = points?.map(({ id }) => (/^[+-]?\d+(\.\d+)?$/.test(id) ? Number(id) : Number.NaN)) ?? [];
  if (numbers.length > 1 && numbers.every(Number.isFinite)) return ordered(Math.min(...numbers), Math.max(...numbers));
  const { min, max } = result?.score ?? {};
  return min === undefined || max === undefined ? null : ordered(min, max);
}

function ordered(min: number, max: number): Scale | null {
  return min < max ? { min, max } : null;
}
