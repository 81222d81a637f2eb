import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { parseDashboard, plottedOf, type Widget } from '../../../localstack/cloudwatch/dashboard-body.ts';
import { written } from './statements.ts';

/** A metric that a dashboard or an alarm names, and where. */
export interface NamedMetric {
  readonly where: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const dashboard = z.object({ Properties: z.object({ DashboardName: z.string(), DashboardBody: z.unknown() }) });

/** The deployed dashboards by name, with what CloudFormation computes written out. */
export function dashboardsOf(template: Template): ReadonlyMap<string, readonly Widget[]> {
  return new Map(
    Object.values(template.findResources('AWS::CloudWatch::Dashboard')).map((resource) => {
      const { DashboardName, DashboardBody } = dashboard.parse(resource).Properties;
      return [DashboardName, parseDashboard(written(DashboardBody))] as const;
    }),
  );
}

export function metricsOnDashboards(template: Template): NamedMetric[] {
  return [...dashboardsOf(template)].flatMap(([where, widgets]) =>
    widgets.flatMap(plottedOf).flatMap((plotted): readonly NamedMetric[] => {
      if (plotted.kind === 'metric') return [{ ...plotted, where }];
      const searched = /^SORT\(SEARCH\('\{(\w+),rule,stage\} MetricName="(\w+)" stage="([\w-]+)"'/.exec(
        plotted.expression,
      );
      const [, namespace, name, stage] = searched ?? [];
      return namespace === undefined || name === undefined || stage === undefined
        ? []
        : [{ where, namespace, name, dimensions: { stage, rule: '*' } }];
    }),
  );
}

const dimensions = z
  .array(z.object({ Name: z.string(), Value: z.unknown() }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, written(Value)])));
const alarm = z.object({
  Type: z.enum(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']),
  Properties: z.object({
    AlarmName: z.string(),
    AlarmDescription: z.string(),
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions: dimensions,
    TreatMissingData: z.string().optional(),
    DatapointsToAlarm: z.number().optional(),
    EvaluationPeriods: z.number().optional(),
    Period: z.number().optional(),
    AlarmActions: z.array(z.unknown()).default([]),
    OKActions: z.array(z.unknown()).default([]),
    ActionsSuppressor: z.unknown().optional(),
    Metrics: z
      .array(
        z.object({
          Expression: z.string().optional(),
          MetricStat: z
            .object({
              Period: z.number(),
              Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
            })
            .optional(),
        }),
      )
      .default([]),
  }),
});
export type TemplateAlarm = z.infer<typeof alarm>;

export function alarmsOf(template: Template): TemplateAlarm[] {
  return Object.values({
    ...template.findResources('AWS::CloudWatch::Alarm'),
    ...template.findResources('AWS::CloudWatch::CompositeAlarm'),
  }).map((resource) => alarm.parse(resource));
}

export function metricsOfAlarms(template: Template): NamedMetric[] {
  return alarmsOf(template).flatMap(({ Properties: { AlarmName: where, ...alarm } }) => [
    ...(alarm.Namespace === undefined || alarm.MetricName === undefined
      ? []
      : [{ where, namespace: alarm.Namespace, name: alarm.MetricName, dimensions: alarm.Dimensions }]),
    ...alarm.Metrics.flatMap(({ MetricStat }) =>
      MetricStat === undefined
        ? []
        : [
            {
              where,
              namespace: MetricStat.Metric.Namespace,
              name: MetricStat.Metric.MetricName,
              dimensions: MetricStat.Metric.Dimensions,
            },
          ],
    ),
  ]);
}
