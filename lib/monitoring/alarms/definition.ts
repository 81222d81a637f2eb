import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * What an alarm does when it goes off. `page`: somebody gets up. `ticket`: somebody looks in working hours. `part`: nothing by
 * itself; composites and dashboards use it.
 */
export type Severity = 'page' | 'ticket' | 'part';

export const severities: readonly Severity[] = ['page', 'ticket', 'part'];

/** An alarm on one metric or on metric math. */
export interface AlarmDefinition {
  /** What it is about; `docs/runbooks/<kind>.md` is its runbook. */
  readonly kind: string;
  /** Of which group, topic, function or window; none where there is one of its kind. */
  readonly subject?: string;
  readonly severity: Severity;
  /** What it means, one sentence for who is woken. */
  readonly says: string;
  readonly metric: cloudwatch.IMetric;
  readonly when: keyof typeof comparisons;
  readonly threshold: number;
  /** So many of the last so many points. */
  readonly points: readonly [breaching: number, of: number];
  /** What no point means: all is well, something is wrong, or nothing can be said. Chosen for each alarm. */
  readonly missing: 'notBreaching' | 'breaching' | 'missing';
}

/** An alarm on the state of others. */
export interface CompositeDefinition {
  readonly kind: string;
  readonly subject?: string;
  readonly severity: Severity;
  readonly says: string;
  /** In ALARM when all of each list's alarms are, for any of the lists. */
  readonly anyOf: readonly (readonly string[])[];
  /** Its actions wait while stores are known to be down: then it is a symptom. */
  readonly symptom: boolean;
}

export const comparisons = {
  '>': 'GREATER_THAN_THRESHOLD',
  '>=': 'GREATER_THAN_OR_EQUAL_TO_THRESHOLD',
  '<': 'LESS_THAN_THRESHOLD',
  '<=': 'LESS_THAN_OR_EQUAL_TO_THRESHOLD',
} as const satisfies Record<string, keyof typeof cloudwatch.ComparisonOperator>;

/** Short name of an alarm: unique on a stage. */
export function shortName({ kind, subject }: { readonly kind: string; readonly subject?: string }): string {
  return subject === undefined ? kind : `${kind}-${subject}`;
}

/** Where the runbook of a kind is, from the project's root. */
export function runbookOf(kind: string): string {
  return `docs/runbooks/${kind}.md`;
}
