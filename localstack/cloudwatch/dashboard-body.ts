import { z } from 'zod';

/**
 * The body of a CloudWatch dashboard, as far as this project's widgets use it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */

const rendering = z.object({
  label: z.string().optional(),
  stat: z.string().optional(),
  period: z.number().optional(),
  id: z.string().optional(),
  visible: z.boolean().optional(),
  expression: z.string().optional(),
});

const row = z.array(z.union([z.string(), rendering]));

const widgetSchema = z.object({
  type: z.enum(['metric', 'text', 'alarm', 'log']),
  x: z.number().default(0),
  y: z.number().default(0),
  width: z.number(),
  height: z.number(),
  properties: z.object({
    title: z.string().optional(),
    view: z.string().optional(),
    stacked: z.boolean().optional(),
    metrics: z.array(row).optional(),
    markdown: z.string().optional(),
    alarms: z.array(z.string()).optional(),
    query: z.string().optional(),
    period: z.number().optional(),
    setPeriodToTimeRange: z.boolean().optional(),
    start: z.string().optional(),
    yAxis: z.object({ left: z.object({ label: z.string().optional() }).optional() }).optional(),
    annotations: z
      .object({ horizontal: z.array(z.object({ value: z.number(), label: z.string().optional() })).optional() })
      .optional(),
  }),
});

const bodySchema = z.object({ widgets: z.array(widgetSchema) });

export type Widget = z.infer<typeof widgetSchema>;

/** One metric of a metric widget. */
export interface PlottedMetric {
  readonly kind: 'metric';
  readonly id: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly period: number;
  readonly label: string;
  readonly visible: boolean;
}

/** One expression of a metric widget. */
export interface PlottedExpression {
  readonly kind: 'expression';
  readonly id: string | undefined;
  readonly expression: string;
  readonly period: number;
  readonly label: string;
  readonly visible: boolean;
}

export type Plotted = PlottedMetric | PlottedExpression;

/** @throws ZodError if it is none. */
export function parseDashboard(body: string): readonly Widget[] {
  return bodySchema.parse(JSON.parse(body)).widgets;
}

const defaultPeriod = 300;

/** What a metric widget plots. */
export function plottedOf({ properties }: Widget): readonly Plotted[] {
  return (properties.metrics ?? []).map((cells): Plotted => {
    const texts = cells.filter((cell) => typeof cell === 'string');
    const options = cells.find((cell) => typeof cell !== 'string') ?? {};
    const common = {
      id: options.id,
      period: options.period ?? properties.period ?? defaultPeriod,
      visible: options.visible ?? true,
    };
    if (options.expression !== undefined) {
      return { kind: 'expression', ...common, expression: options.expression, label: options.label ?? '' };
    }
    const [namespace = '', name = '', ...rest] = texts;
    const dimensions: Record<string, string> = {};
    for (let position = 0; position < rest.length; position += 2) {
      dimensions[rest[position] ?? ''] = rest[position + 1] ?? '';
    }
    const statistic = options.stat ?? 'Average';
    return { kind: 'metric', ...common, namespace, name, dimensions, statistic, label: options.label ?? name };
  });
}
