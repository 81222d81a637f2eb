import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  type MetricAlarm,
  type Metric as MetricOfAws,
} from '@aws-sdk/client-cloudwatch';
import { type AlarmRule, type MetricQuery, pointsOf, type ReadMetric, stateOf } from './alarm-state.ts';
import { parseDashboard, type Widget } from './dashboard-body.ts';

/** Reads recorded points by GetMetricData. */
export function metricReader(client: CloudWatchClient): ReadMetric {
  return async (query, from, to) => {
    const { MetricDataResults: [result] = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(from * 1_000),
        EndTime: new Date(to * 1_000),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'q',
            MetricStat: {
              Metric: {
                Namespace: query.namespace,
                MetricName: query.name,
                Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: query.period,
              Stat: query.statistic,
            },
          },
        ],
      }),
    );
    const values = result?.Values ?? [];
    return new Map(
      (result?.Timestamps ?? []).map((time, position) => [
        Math.round(time.getTime() / 1_000),
        values[position] ?? Number.NaN,
      ]),
    );
  };
}

/** The deployed dashboards by name. */
export async function readDashboards(client: CloudWatchClient): Promise<ReadonlyMap<string, readonly Widget[]>> {
  const { DashboardEntries: entries = [] } = await client.send(new ListDashboardsCommand({}));
  const dashboards = new Map<string, readonly Widget[]>();
  for (const { DashboardName = '' } of entries) {
    const { DashboardBody = '{"widgets":[]}' } = await client.send(new GetDashboardCommand({ DashboardName }));
    dashboards.set(DashboardName, parseDashboard(DashboardBody));
  }
  return dashboards;
}

/** A composite as it is deployed. */
export interface CompositeRule {
  readonly name: string;
  readonly rule: string;
  /** Name of the alarm while which its actions are held back. */
  readonly suppressor: string | null;
}

export interface DeployedAlarms {
  readonly rules: ReadonlyMap<string, AlarmRule>;
  readonly composites: ReadonlyMap<string, CompositeRule>;
  /** States as CloudWatch has evaluated them; LocalStack evaluates alarms on single metrics, and composites of those. */
  readonly states: ReadonlyMap<string, string>;
}

export async function readAlarms(client: CloudWatchClient): Promise<DeployedAlarms> {
  const rules = new Map<string, AlarmRule>();
  const composites = new Map<string, CompositeRule>();
  const states = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new DescribeAlarmsCommand({ NextToken, MaxRecords: 100, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    );
    for (const alarm of page.MetricAlarms ?? []) {
      const rule = ruleOf(alarm);
      rules.set(rule.name, rule);
      states.set(rule.name, alarm.StateValue ?? '');
    }
    for (const { AlarmName = '', AlarmRule = '', ActionsSuppressor, StateValue = '' } of page.CompositeAlarms ?? []) {
      const suppressor = ActionsSuppressor?.replace(/^arn:.*:alarm:/, '') ?? null;
      composites.set(AlarmName, { name: AlarmName, rule: AlarmRule, suppressor });
      states.set(AlarmName, StateValue);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return { rules, composites, states };
}

function dimensionsOf({ Dimensions = [] }: MetricOfAws): Record<string, string> {
  return Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}

/** An alarm as DescribeAlarms, or a template, has it. */
export function ruleOf(alarm: MetricAlarm): AlarmRule {
  const common = {
    name: alarm.AlarmName ?? '',
    comparison: alarm.ComparisonOperator ?? '',
    threshold: alarm.Threshold ?? Number.NaN,
    evaluationPeriods: alarm.EvaluationPeriods ?? 1,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 1,
    missing: alarm.TreatMissingData ?? 'missing',
  };
  if (alarm.MetricName !== undefined) {
    const query: MetricQuery = {
      namespace: alarm.Namespace ?? '',
      name: alarm.MetricName,
      dimensions: dimensionsOf(alarm),
      statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? 'Sum',
      period: alarm.Period ?? 60,
    };
    return { ...common, input: { kind: 'metric', query } };
  }
  const metrics = new Map<string, MetricQuery>();
  let expression = '';
  let period = 60;
  for (const { Id = '', MetricStat, Expression, ReturnData } of alarm.Metrics ?? []) {
    if (Expression !== undefined && ReturnData !== false) expression = Expression;
    if (MetricStat?.Metric === undefined) continue;
    period = MetricStat.Period ?? period;
    metrics.set(Id, {
      namespace: MetricStat.Metric.Namespace ?? '',
      name: MetricStat.Metric.MetricName ?? '',
      dimensions: dimensionsOf(MetricStat.Metric),
      statistic: MetricStat.Stat ?? 'Sum',
      period,
    });
  }
  const [only] = metrics.values();
  // A labelled metric is written as metric math without an expression.
  if (expression === '' && only !== undefined) return { ...common, input: { kind: 'metric', query: only } };
  return { ...common, input: { kind: 'math', expression, period, metrics } };
}

/** The state that CloudWatch would give an alarm now, from its deployed rule and the recorded points. */
export async function evaluatedState(rule: AlarmRule, read: ReadMetric, now = Date.now()) {
  return stateOf(rule, await pointsOf(rule, read, now / 1_000));
}

/** Dimensions of the recorded metrics of a name that have exactly these dimensions' names. */
export async function listDimensions(
  client: CloudWatchClient,
  namespace: string,
  name: string,
  names: readonly string[],
): Promise<Record<string, string>[]> {
  const { Metrics: metrics = [] } = await client.send(
    new ListMetricsCommand({ Namespace: namespace, MetricName: name }),
  );
  const wanted = [...names].sort().join();
  return metrics.map(dimensionsOf).filter((dimensions) => Object.keys(dimensions).sort().join() === wanted);
}
