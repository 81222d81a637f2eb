import type { Scale } from '../../survey/scale.ts';
import { rounded } from '../rounded.ts';
import type { AnswerStatistics, NpsSummary, SemanticSummary } from './figures.ts';

/** How many respondents gave a number. */
export interface Bar {
  readonly value: number;
  /** False where it is not told by itself. */
  readonly named: boolean;
  readonly respondents: number;
}

/** Share of the whole, percent, 1 decimal; 0 of nothing. */
export function share(count: number, of: number): { readonly count: number; readonly percentage: number } {
  return { count, percentage: of === 0 ? 0 : rounded((100 * count) / of, 1) };
}

const sumOf = (bars: readonly Bar[]) => bars.reduce((sum, { respondents }) => sum + respondents, 0);

/** Null of no answer. */
export function statisticsOf(bars: readonly Bar[]): AnswerStatistics | null {
  const inOrder = [...bars].sort((left, right) => left.value - right.value);
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) return null;
  const count = sumOf(inOrder);
  const mean = inOrder.reduce((sum, { value, respondents }) => sum + value * respondents, 0) / count;
  const variance = inOrder.reduce((sum, { value, respondents }) => sum + respondents * (value - mean) ** 2, 0) / count;
  const mode = inOrder.reduce((most, bar) => (bar.respondents > most.respondents ? bar : most), first);
  const middle = [atRank(inOrder, Math.floor((count - 1) / 2)), atRank(inOrder, Math.floor(count / 2))];
  return {
    count,
    mean: rounded(mean, 2),
    median: middle.every((bar) => bar?.named) ? middle.reduce((sum, bar) => sum + (bar?.value ?? 0), 0) / 2 : null,
    mode: toldValue(mode),
    standard_deviation: rounded(Math.sqrt(variance), 2),
    min: toldValue(first),
    max: toldValue(last),
  };
}

function toldValue({ named, value }: Bar): number | null {
  return named ? value : null;
}

function atRank(inOrder: readonly Bar[], rank: number): Bar | undefined {
  let before = 0;
  return inOrder.find(({ respondents }) => {
    before += respondents;
    return rank < before;
  });
}

export type NpsPart = 'promoter' | 'passive' | 'detractor';

/** Null for what is no NPS answer: these are the integers 0 to 10. */
export function npsPart(value: number): NpsPart | null {
  if (!Number.isInteger(value) || value < 0 || value > 10) return null;
  return value >= 9 ? 'promoter' : value >= 7 ? 'passive' : 'detractor';
}

/** Null of no answer. */
export function npsOf(bars: readonly Bar[]): NpsSummary | null {
  const of = (part: NpsPart) => sumOf(bars.filter(({ value }) => npsPart(value) === part));
  const [promoters, passives, detractors] = [of('promoter'), of('passive'), of('detractor')];
  const count = promoters + passives + detractors;
  if (count === 0) return null;
  const score = rounded((100 * (promoters - detractors)) / count, 1);
  return {
    promoters: share(promoters, count),
    passives: share(passives, count),
    detractors: share(detractors, count),
    nps_score: score,
    nps_category: npsCategoryOf(score),
  };
}

function npsCategoryOf(score: number): NpsSummary['nps_category'] {
  if (score >= 70) return 'Excellent';
  if (score >= 50) return 'Great';
  if (score >= 30) return 'Good';
  return score >= 0 ? 'Needs Improvement' : 'Critical';
}

export type LikertPart = 'positive' | 'neutral' | 'negative';

/** Of four points or more two at each end, of two or three one at each end; the rest is neutral. */
export function likertPart(value: number, { min, max }: Scale): LikertPart {
  const reach = max - min >= 3 ? 1 : 0;
  if (value >= max - reach) return 'positive';
  return value <= min + reach ? 'negative' : 'neutral';
}

/** Null where the scale is not known. Percentages are of all numeric answers. */
export function likertOf(bars: readonly Bar[], scale: Scale | null): SemanticSummary | null {
  if (scale === null || bars.length === 0) return null;
  const count = sumOf(bars);
  const of = (part: LikertPart) => share(sumOf(bars.filter(({ value }) => likertPart(value, scale) === part)), count);
  return { positive: of('positive'), neutral: of('neutral'), negative: of('negative') };
}

export type BinaryPart = 'yes' | 'no';

/** Null for a choice that is neither. */
export function binaryPart(choice: string): BinaryPart | null {
  const word = choice.toLowerCase();
  if (['1', 'true', 'yes'].includes(word)) return 'yes';
  return ['0', 'false', 'no'].includes(word) ? 'no' : null;
}
