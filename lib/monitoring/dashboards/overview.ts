import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { rejectionClasses } from '../../../functions/core/batch/entry.ts';
import { type MetricOf, objectives, storeNames } from '../../../functions/core/observability/metric-catalogue.ts';
import { topicGroups } from '../../catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import { burnRate, burnRates, type Objective, objectiveList } from '../alarms/objectives.ts';
import { math, type StageMetrics } from '../metrics.ts';
import { columns, figure, graph, heading } from './widgets.ts';

const groups = topicGroups.map(({ name }) => name);
const budgetDays = 30;

/** The way of a record, in the words of the dashboards. */
export const funnel: readonly (readonly [MetricOf<'service'>, string])[] = [
  ['received', 'received'],
  ['accepted', 'accepted'],
  ['duplicates', 'known already'],
  ['rejected', 'refused'],
  ['ledgerWrites', 'rows written'],
  ['searchable', 'searchable'],
];

/** Service overview: one look tells whether learners' records flow. */
export function overview(
  stage: StageConfiguration,
  metrics: StageMetrics,
  alarms: Readonly<Record<'page' | 'ticket', readonly cloudwatch.IAlarm[]>>,
): cloudwatch.IWidget[][] {
  const [freshness, correctness] = objectiveList;
  if (freshness === undefined || correctness === undefined) throw new Error('There are two objectives');
  const status = (title: string, list: readonly cloudwatch.IAlarm[], height: number) =>
    new cloudwatch.AlarmStatusWidget({ title, alarms: [...list], width: columns / 2, height });
  return [
    [
      heading(
        `# NLJ events, stage ${stage.stage}\nDo learners' records flow? Green budgets and no alarm: yes. Each alarm's description names its runbook in \`docs/runbooks\`.`,
        2,
      ),
    ],
    [
      figure({
        title: 'Searchable within 60 s',
        unit: '% of 30 days',
        metric: good(metrics, freshness),
        days: budgetDays,
      }),
      figure({ title: 'Freshness budget left', unit: '%', metric: left(metrics, freshness), days: budgetDays }),
      figure({ title: 'Correct', unit: '% of 30 days', metric: good(metrics, correctness), days: budgetDays }),
      figure({ title: 'Correctness budget left', unit: '%', metric: left(metrics, correctness), days: budgetDays }),
      figure({
        title: 'Dead letters waiting',
        unit: 'records',
        metric: metrics.service('deadLettersWaiting', 'maintenance', { label: 'waiting' }),
      }),
      figure({
        title: 'Oldest record not done',
        unit: 'seconds',
        metric: metrics.whole('unreadAge', { label: 'age' }),
      }),
    ],
    [status('Alarms that wake somebody', alarms.page, 7), status('Alarms for working hours', alarms.ticket, 7)],
    [
      graph({
        title: 'From received to searchable, in the time shown',
        unit: 'Records',
        metrics: funnel.map(([name, label]) => metrics.whole(name, { label })),
        view: 'bar',
        width: 8,
      }),
      graph({
        title: 'Records received',
        unit: 'Records per minute',
        metrics: groups.map((group) => metrics.service('received', group)),
        stacked: true,
      }),
      graph({
        title: 'Slowest record until searchable',
        unit: 'Milliseconds',
        metrics: groups.map((group) => metrics.service('freshness', group)),
        lines: [{ value: objectives.freshMillis, label: 'objective' }],
      }),
    ],
    [
      ...objectiveList.map((objective) => burnGraph(metrics, objective)),
      graph({
        title: 'Stores found down',
        unit: 'Times',
        metrics: storeNames.map((store) => metrics.of('store', store, 'storeWaits')),
      }),
    ],
    [
      graph({
        title: 'New dead letters by reason',
        unit: 'Records',
        metrics: [...rejectionClasses, 'exhausted'].map((name) => metrics.of('class', name, 'deadLettersByClass')),
        stacked: true,
      }),
      graph({
        title: 'Rules that records broke most',
        unit: 'Records per minute',
        metrics: [metrics.byRule('rejectedByRule', Duration.minutes(1))],
        stacked: true,
      }),
      graph({
        title: 'Old dialects that producers send most',
        unit: 'Records per minute',
        metrics: [metrics.byRule('upcastByRule', Duration.minutes(1))],
        stacked: true,
      }),
    ],
  ];
}

/** Percent of records that met the objective. */
function good(metrics: StageMetrics, { bad, all }: Objective): cloudwatch.MathExpression {
  return math('100 * (1 - bad / total)', { bad: metrics.whole(bad), total: metrics.whole(all) }, { label: 'met' });
}

/** Percent of the budget that is left; below 0 it is overspent. */
function left(metrics: StageMetrics, { bad, all, budget }: Objective): cloudwatch.MathExpression {
  return math(
    `100 * (1 - bad / total / ${Number(budget.toPrecision(6))})`,
    { bad: metrics.whole(bad), total: metrics.whole(all) },
    { label: 'left' },
  );
}

function burnGraph(metrics: StageMetrics, objective: Objective): cloudwatch.GraphWidget {
  const title = objective.kind === 'freshness-budget' ? 'Freshness' : 'Correctness';
  const [fast, slow] = burnRates;
  const [window, period] = fast.windows[1];
  return graph({
    title: `${title}: how fast the error budget burns`,
    unit: 'Times the allowed rate',
    metrics: [burnRate(metrics, objective, period, `over ${window}`)],
    period,
    lines: [
      { value: fast.rate, label: 'wakes somebody' },
      { value: slow.rate, label: 'makes a ticket' },
    ],
  });
}
