import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Breakdown,
  type MetricOf,
  metricCatalogue,
  metricNamespace,
} from '../../functions/core/observability/metric-catalogue.ts';
import { type AwsMetricName, type AwsSource, awsMetrics } from './aws-metrics.ts';

export interface MetricOptions {
  readonly label?: string;
  /** Default: what the catalogue says for ours, the sum for AWS's. */
  readonly statistic?: string;
  /** Default: one minute. */
  readonly period?: Duration;
}

const minute = Duration.minutes(1);
/** Rules that a graph shows, at most. */
const shownRules = 8;

/** Metrics of the catalogue on a stage. */
export function stageMetrics(stage: string) {
  const make = (
    name: keyof typeof metricCatalogue,
    dimensionsMap: Record<string, string>,
    { label, statistic, period }: MetricOptions,
  ) =>
    new cloudwatch.Metric({
      namespace: metricNamespace,
      metricName: name,
      dimensionsMap,
      statistic: statistic ?? metricCatalogue[name].statistic,
      period: period ?? minute,
      label: label ?? name,
    });
  return {
    /** Of a topic group or an operation. */
    service: (name: MetricOf<'service'>, service: string, options: MetricOptions = {}) =>
      make(name, { stage, service }, { label: service, ...options }),
    /** Of the whole stage. */
    whole: (name: MetricOf<'service'>, options: MetricOptions = {}) => make(name, { stage }, options),
    /** Of one rule, class or store. */
    of: <B extends Exclude<Breakdown, 'service'>>(
      breakdown: B,
      value: string,
      name: MetricOf<B>,
      options: MetricOptions = {},
    ) => make(name, { stage, [breakdown]: value }, { label: value, ...options }),
    /** The rules that were counted most, found when the dashboard is opened. */
    byRule: (name: MetricOf<'rule'>, period: Duration) =>
      new cloudwatch.MathExpression({
        expression: `SORT(SEARCH('{${metricNamespace},rule,stage} MetricName="${name}" stage="${stage}"', 'Sum', ${period.toSeconds()}), SUM, DESC, ${shownRules})`,
        period,
        label: '',
      }),
  };
}
export type StageMetrics = ReturnType<typeof stageMetrics>;

/** A metric of AWS, by its source and the values of the source's dimensions in their order. */
export function awsMetric<Source extends AwsSource>(
  source: Source,
  dimensionValues: readonly string[],
  name: AwsMetricName<Source>,
  { label, statistic, period }: MetricOptions = {},
): cloudwatch.Metric {
  const { namespace, dimensions } = awsMetrics[source];
  const dimensionsMap = Object.fromEntries(
    dimensions.map((dimension, position) => [dimension, dimensionValues[position] ?? '']),
  );
  return new cloudwatch.Metric({
    namespace,
    metricName: name,
    dimensionsMap,
    statistic: statistic ?? 'Sum',
    period: period ?? minute,
    label: label ?? name,
  });
}

/** A figure made of others by CloudWatch's metric math. */
export function math(
  expression: string,
  usingMetrics: Record<string, cloudwatch.IMetric>,
  { label, period }: MetricOptions = {},
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression,
    usingMetrics,
    period: period ?? minute,
    label: label ?? expression,
  });
}
