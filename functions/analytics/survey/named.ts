import { binaryPart, npsPart } from './histogram.ts';
import type { QuestionFacts, ValueCount } from './question.ts';
import { mostLabels, scaleTypeOf } from './scale.ts';

/**
 * Whether a value is one of a few that everybody is offered, so that it names nobody however few gave it: yes or no, an NPS
 * answer, a point of a scale that has few. Any other may be something that one respondent wrote.
 */
export function isClosed(
  { numeric, choice }: Pick<ValueCount, 'numeric' | 'choice'>,
  facts: QuestionFacts | undefined,
): boolean {
  if (choice !== null) return binaryPart(choice) !== null;
  if (numeric === null || facts === undefined || !Number.isInteger(numeric)) return false;
  if (scaleTypeOf(facts.questionType) === 'nps') return npsPart(numeric) !== null;
  const { scale } = facts;
  return scale !== null && scale.max - scale.min < mostLabels && numeric >= scale.min && numeric <= scale.max;
}
