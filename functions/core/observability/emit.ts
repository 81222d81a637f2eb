import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  type Breakdown,
  type MetricName,
  type MetricOf,
  metricCatalogue,
  metricNamespace,
} from './metric-catalogue.ts';

/** Values of metrics that are broken down by service. One that is 0 is emitted too: no data would mean no batch. */
export type ServiceValues = Partial<Record<MetricOf<'service'>, number>>;

export interface Emitter {
  /** One line: the values of the service, and of the whole stage. */
  service(values: ServiceValues): void;
  /** One line of a rule, class or store. */
  of<B extends Exclude<Breakdown, 'service'>>(
    breakdown: B,
    value: string,
    values: Partial<Record<MetricOf<B>, number>>,
  ): void;
}

/** What emits nothing: dry runs and tests that look at something else. */
export const silent: Emitter = { service: () => undefined, of: () => undefined };

/**
 * Emits metrics of the catalogue as embedded metrics (EMF) by Powertools, a line of standard output at a time.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricEmitter(stage: string, service: string): Emitter {
  const metrics = new Metrics({ namespace: metricNamespace });
  // Powertools adds the service to every set; the whole stage has a set without it.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ stage });
  const publish = (values: Readonly<Record<string, number | undefined>>): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && isMetric(name)) {
        metrics.addMetric(name, MetricUnit[metricCatalogue[name].unit], value);
      }
    }
    metrics.publishStoredMetrics();
  };
  return {
    service(values) {
      metrics.addDimensions({ service });
      metrics.addDimensions({});
      publish(values);
    },
    of(breakdown, value, values) {
      metrics.addDimensions({ [breakdown]: value });
      publish(values);
    },
  };
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metricCatalogue, name);
}
