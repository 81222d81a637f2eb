import type { Scale } from '../../survey/scale.ts';
import type { ScaleInfo, ScaleType } from './figures.ts';

const typesOf: Readonly<Record<string, ScaleType>> = {
  likert: 'likert',
  likert_scale: 'likert',
  nps: 'nps',
  nps_scale: 'nps',
  net_promoter_score: 'nps',
  rating: 'rating',
  slider: 'numeric',
  numeric: 'numeric',
  true_false: 'binary',
  yes_no: 'binary',
  binary: 'binary',
  multiple_choice: 'categorical',
  single_choice: 'categorical',
  choice: 'categorical',
  multi_select: 'categorical',
  checkbox: 'categorical',
  matrix: 'categorical',
};

const numericTypes: ReadonlySet<ScaleType> = new Set(['nps', 'likert', 'rating', 'numeric']);

/** Scales of more points are not labelled one by one. */
export const mostLabels = 11;

/** How answers to a question of this type are read; text where it is not known. */
export function scaleTypeOf(questionType: string | null): ScaleType {
  return questionType !== null && Object.hasOwn(typesOf, questionType) ? (typesOf[questionType] ?? 'text') : 'text';
}

export function isNumeric(type: ScaleType): boolean {
  return numericTypes.has(type);
}

/** What answers state of their scale; an NPS scale is 0 to 10 whatever they state. */
export function scaleInfoOf(type: ScaleType, stated: Scale | null): ScaleInfo {
  const scale = type === 'nps' ? { min: 0, max: 10 } : stated;
  if (scale === null || !isNumeric(type)) return { type, min: null, max: null, labels: [] };
  const points = scale.max - scale.min + 1;
  const labels =
    Number.isInteger(points) && points <= mostLabels
      ? Array.from({ length: points }, (_, point) => String(scale.min + point))
      : [];
  return { type, min: scale.min, max: scale.max, labels };
}
