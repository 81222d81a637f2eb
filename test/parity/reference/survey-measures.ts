/** Summaries of answers to one question (spec: search.md, Numbers). */
import type { SurveyAnalyticsData } from '../../../functions/analytics/survey/index.ts';
import { round } from './measures.ts';
import type { Answer } from './survey-facts.ts';

export type Question = SurveyAnalyticsData['questions'][string];
export type Kind = Question['scale_info']['type'];

export const isNumber = (kind: Kind) => ['nps', 'likert', 'rating', 'numeric'].includes(kind);
export const rounded = (value: number | null) => (value === null ? null : round(value, 2));
export const share = (count: number, of: number) => ({ count, percentage: round((100 * count) / of, 1) });

export function npsOf(numbers: readonly number[]): Question['nps'] {
  const valid = numbers.filter((value) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].includes(value));
  if (valid.length === 0) return null;
  const promoters = valid.filter((value) => value >= 9).length;
  const detractors = valid.filter((value) => value <= 6).length;
  const score = round((1000 * (promoters - detractors)) / valid.length, 0) / 10;
  return {
    promoters: share(promoters, valid.length),
    passives: share(valid.length - promoters - detractors, valid.length),
    detractors: share(detractors, valid.length),
    nps_score: score,
    nps_category:
      score >= 70
        ? 'Excellent'
        : score >= 50
          ? 'Great'
          : score >= 30
            ? 'Good'
            : score >= 0
              ? 'Needs Improvement'
              : 'Critical',
  };
}

export function partOf(value: number, [min, max]: readonly [number, number]): 'positive' | 'neutral' | 'negative' {
  const points = max - min + 1;
  const ends = points >= 4 ? 2 : 1;
  if (value > max - ends) return 'positive';
  return value < min + ends ? 'negative' : 'neutral';
}

export function likertOf(
  numbers: readonly number[],
  scale: readonly [number, number] | null,
): Question['semantic_summary'] {
  if (scale === null || numbers.length === 0) return null;
  const count = (part: string) => numbers.filter((value) => partOf(value, scale) === part).length;
  return {
    positive: share(count('positive'), numbers.length),
    neutral: share(count('neutral'), numbers.length),
    negative: share(count('negative'), numbers.length),
  };
}

export function binaryOf(answers: readonly Answer[]) {
  const said = (words: readonly string[]) =>
    answers.filter(({ choice }) => choice !== null && words.includes(choice.toLowerCase())).length;
  const [yes, no] = [said(['yes', 'true', '1']), said(['no', 'false', '0'])];
  return yes + no === 0 ? null : { yes: share(yes, yes + no).percentage, no: share(no, yes + no).percentage };
}
