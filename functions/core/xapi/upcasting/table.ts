import { catalogueExtensionRules } from './catalogue-extensions.ts';
import { firstRules, lastRules } from './common.ts';
import { contentRules } from './content.ts';
import type { UpcastRule } from './rule.ts';
import { surveyRules } from './survey.ts';
import { trainingRules } from './training.ts';

/**
 * The upcasting table (spec: events.md, "Producer dialects and upcasting"): what old producers send, and its canonical
 * form. In this order; what a record lacks (`missing-id`, `missing-timestamp`, `missing-version`) is added after it,
 * in `upcast.ts`.
 */
export const upcastTable: readonly UpcastRule[] = [
  ...firstRules,
  ...catalogueExtensionRules,
  ...surveyRules,
  ...contentRules,
  ...trainingRules,
  ...lastRules,
];

const byTopic = new Map<string, readonly UpcastRule[]>();

/** The rules of a topic, in the table's order. */
export function rulesOf(topic: string): readonly UpcastRule[] {
  const known = byTopic.get(topic);
  if (known !== undefined) return known;
  const rules = upcastTable.filter(({ topics }) => topics === undefined || topics.includes(topic));
  byTopic.set(topic, rules);
  return rules;
}
