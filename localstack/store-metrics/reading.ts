import type { AwsMetricName, AwsSource } from '../../lib/monitoring/aws-metrics.ts';

/** Values of metrics of one source: those that the engine at hand has. */
export type Values<Source extends AwsSource> = { readonly [Name in AwsMetricName<Source>]?: number };

/** What only grows, since the time before; nothing at first, and nothing where it has started anew. */
export function growth(now: number, before: number | undefined): number | undefined {
  return before === undefined || now < before ? undefined : now - before;
}

/** Without the values that are not known. */
export function known<Source extends AwsSource>(
  values: { readonly [Name in AwsMetricName<Source>]?: number | undefined },
): Values<Source>;
export function known(values: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
