import { Duration } from 'aws-cdk-lib';
import { type MetricOf, objectives } from '../../../functions/core/observability/metric-catalogue.ts';
import { math, type StageMetrics } from '../metrics.ts';
import type { AlarmDefinition, CompositeDefinition } from './definition.ts';

/** An objective: which records count, which of them break it, and the share that may. */
export interface Objective {
  readonly kind: 'freshness-budget' | 'correctness-budget';
  readonly bad: MetricOf<'service'>;
  readonly all: MetricOf<'service'>;
  /** Share of records that may break it in 30 days. */
  readonly budget: number;
  readonly says: string;
}

export const objectiveList: readonly Objective[] = [
  {
    kind: 'freshness-budget',
    bad: 'late',
    all: 'searchable',
    budget: 1 - objectives.fresh,
    says: 'records become searchable too late',
  },
  {
    kind: 'correctness-budget',
    bad: 'incorrect',
    all: 'accepted',
    budget: 1 - objectives.correct,
    says: 'records are found wrong: drifted, refused by the index, or given up',
  },
];

/**
 * How fast a budget may burn, over a long window and, so that the alarm ends soon, a short one.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
export const burnRates = [
  {
    subject: 'fast',
    severity: 'page',
    rate: 14.4,
    windows: [
      ['1h', Duration.hours(1)],
      ['5m', Duration.minutes(5)],
    ],
  },
  {
    subject: 'slow',
    severity: 'ticket',
    rate: 6,
    windows: [
      ['6h', Duration.hours(6)],
      ['30m', Duration.minutes(30)],
    ],
  },
] as const;

/** Fewer records than this in a window are not judged: one late record of three is no trend. */
const judgedRecords = 20;

/** How many times faster than allowed a budget burns. 1 uses it up in exactly 30 days. */
export function burnRate(metrics: StageMetrics, { bad, all, budget }: Objective, period: Duration, label: string) {
  return math(
    `IF(total >= ${judgedRecords}, bad / total / ${Number(budget.toPrecision(6))}, 0)`,
    { bad: metrics.whole(bad, { period }), total: metrics.whole(all, { period }) },
    { period, label },
  );
}

export function objectiveAlarms(metrics: StageMetrics): readonly AlarmDefinition[] {
  return objectiveList.flatMap((objective) =>
    burnRates.flatMap(({ rate, windows }) =>
      windows.map(
        ([window, period]): AlarmDefinition => ({
          kind: objective.kind,
          subject: window,
          severity: 'part',
          says: `${objective.says}: over ${window} the error budget burns ${rate} times faster than allowed`,
          metric: burnRate(metrics, objective, period, `burn rate over ${window}`),
          when: '>',
          threshold: rate,
          points: [1, 1],
          missing: 'notBreaching',
        }),
      ),
    ),
  );
}

export const objectiveComposites: readonly CompositeDefinition[] = objectiveList.flatMap(({ kind, says }) =>
  burnRates.map(
    ({ subject, severity, rate, windows }): CompositeDefinition => ({
      kind,
      subject,
      severity,
      says: `${says}; the error budget burns ${rate} times faster than allowed`,
      anyOf: [windows.map(([window]) => `${kind}-${window}`)],
      symptom: kind === 'freshness-budget',
    }),
  ),
);
