import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ReadMetric } from '../cloudwatch/alarm-state.ts';
import { type Plotted, plottedOf, type Widget } from '../cloudwatch/dashboard-body.ts';
import { evaluateMath, type Series } from '../cloudwatch/math.ts';
import { listDimensions } from '../cloudwatch/read.ts';

/** A line of a graph, a bar, or a figure. */
export interface Line {
  readonly label: string;
  readonly points: Series;
}

export interface Span {
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** `SORT(SEARCH('{namespace,rule,stage} MetricName="…" stage="…"', 'Sum', period), SUM, DESC, n)`: the one form that the dashboards use. */
const search =
  /^SORT\(SEARCH\('\{(\w+),(\w+),(\w+)\} MetricName="(\w+)" (\w+)="([^"]+)"', '(\w+)', (\d+)\), SUM, DESC, (\d+)\)$/;

/** What a metric widget shows of a span, by its deployed definition. Lines without a point are left out. */
export async function linesOf(
  client: CloudWatchClient,
  read: ReadMetric,
  widget: Widget,
  span: Span,
): Promise<readonly Line[]> {
  const { setPeriodToTimeRange = false } = widget.properties;
  const plotted = plottedOf(widget);
  const known = new Map<string, Series>();
  const fetch = (metric: Extract<Plotted, { readonly kind: 'metric' }>): Promise<Series> => {
    if (setPeriodToTimeRange) return read({ ...metric, period: span.to - span.from }, span.from, span.to);
    return read(metric, Math.floor(span.from / metric.period) * metric.period, span.to);
  };
  const lines: Line[] = [];
  for (const metric of plotted) {
    if (metric.kind !== 'metric') continue;
    const points = await fetch(metric);
    if (metric.id !== undefined) known.set(metric.id, points);
    if (metric.visible) lines.push({ label: metric.label, points });
  }
  for (const expression of plotted) {
    if (expression.kind !== 'expression' || !expression.visible) continue;
    const found = search.exec(expression.expression);
    if (found === null) lines.push({ label: expression.label, points: evaluateMath(expression.expression, known) });
    else lines.push(...(await searched(client, read, found, span)));
  }
  return lines.filter(({ points }) => points.size > 0);
}

async function searched(
  client: CloudWatchClient,
  read: ReadMetric,
  found: RegExpExecArray,
  { from, to }: Span,
): Promise<Line[]> {
  const [
    ,
    namespace = '',
    one = '',
    other = '',
    name = '',
    key = '',
    value = '',
    statistic = '',
    seconds = '',
    most = '',
  ] = found;
  const period = Number(seconds);
  const dimensions = (await listDimensions(client, namespace, name, [one, other])).filter((set) => set[key] === value);
  const lines = await Promise.all(
    dimensions.map(async (set) => ({
      label: set[key === one ? other : one] ?? name,
      points: await read(
        { namespace, name, dimensions: set, statistic, period },
        Math.floor(from / period) * period,
        to,
      ),
    })),
  );
  const total = ({ points }: Line) => [...points.values()].reduce((sum, value) => sum + value, 0);
  return lines.sort((one, next) => total(next) - total(one)).slice(0, Number(most));
}
