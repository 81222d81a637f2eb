import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** Columns of a dashboard. */
export const columns = 24;

export interface GraphOptions {
  readonly title: string;
  /** What the axis counts. */
  readonly unit: string;
  readonly metrics: readonly cloudwatch.IMetric[];
  readonly width?: number;
  readonly height?: number;
  readonly stacked?: boolean;
  /** Lines to compare with, such as an alarm's threshold. */
  readonly lines?: readonly { readonly value: number; readonly label: string }[];
  readonly view?: 'timeSeries' | 'bar';
  /** The graph's own period where it is not one minute. */
  readonly period?: Duration;
}

/** A graph whose axis says its unit and begins at 0. */
export function graph(options: GraphOptions): cloudwatch.GraphWidget {
  const { title, unit, metrics, width = 8, height = 6, stacked = false, lines = [], view = 'timeSeries' } = options;
  return new cloudwatch.GraphWidget({
    title,
    left: [...metrics],
    leftYAxis: { label: unit, showUnits: false, min: 0 },
    leftAnnotations: lines.map((line) => ({ ...line, color: cloudwatch.Color.RED })),
    stacked,
    width,
    height,
    legendPosition: cloudwatch.LegendPosition.BOTTOM,
    ...(view === 'bar' ? { view: cloudwatch.GraphWidgetView.BAR, setPeriodToTimeRange: true } : {}),
    ...(options.period === undefined ? {} : { period: options.period }),
  });
}

export interface FigureOptions {
  readonly title: string;
  /** Shown behind the title. */
  readonly unit: string;
  readonly metric: cloudwatch.IMetric;
  readonly width?: number;
  /** Over so many days before now instead of the last point. */
  readonly days?: number;
}

/** One number. */
export function figure({ title, unit, metric, width = 4, days }: FigureOptions): cloudwatch.SingleValueWidget {
  return new cloudwatch.SingleValueWidget({
    title: `${title} (${unit})`,
    metrics: [metric],
    width,
    height: 4,
    ...(days === undefined ? {} : { setPeriodToTimeRange: true, start: `-P${days}D`, period: Duration.days(days) }),
  });
}

/** A line of text over the widgets below it. */
export function heading(markdown: string, height = 1): cloudwatch.TextWidget {
  return new cloudwatch.TextWidget({
    markdown,
    width: columns,
    height,
    background: cloudwatch.TextWidgetBackground.TRANSPARENT,
  });
}
