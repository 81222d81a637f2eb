import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { Mapping } from './mapping.ts';
import type { MappingCounters } from './status.ts';

/** Records behind: of the partition that is furthest behind, and of all. */
export interface Lag {
  readonly largest: number;
  readonly sum: number;
}

/** What is counted of a mapping, at one time. */
export type CountedValues = Omit<MappingCounters, 'committed' | 'errors'> & Pick<MappingCounters, 'errors'>;

/** A copy that does not change with the counters. */
export function countedValues({ committed: _, errors, ...values }: MappingCounters): CountedValues {
  return { ...values, errors: { ...errors } };
}

const counts: readonly (readonly [name: string, of: (values: CountedValues) => number])[] = [
  ['PolledEventCount', ({ polled }) => polled],
  ['InvokedEventCount', ({ invoked }) => invoked],
  ['FailedInvokeEventCount', ({ failed }) => failed],
  ['DroppedEventCount', ({ dropped }) => dropped],
  ['OnFailureDestinationDeliveredEventCount', ({ delivered }) => delivered],
  ['CommittedEventCount', ({ committedRecords }) => committedRecords],
];
const errors: readonly (readonly [name: string, of: (values: CountedValues) => number])[] = [
  ['PollingErrorCount', (values) => values.errors.polling],
  ['InvokeErrorCount', (values) => values.errors.invoke],
  ['CommitErrorCount', (values) => values.errors.commit],
  ['OnFailureDestinationDeliveryErrorCount', (values) => values.errors.destination],
];

/**
 * What AWS publishes of a mapping since the last time, by its `EventSourceMappingUUID`; errors only where there were some.
 * @param minutes between two times: AWS's sum of poller units is of one a minute.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
 */
export function mappingMetrics(
  mapping: Pick<Mapping, 'uuid' | 'metrics' | 'provisioned'>,
  before: CountedValues | undefined,
  now: CountedValues,
  lag: Lag | null,
  minutes: number,
): MetricDatum[] {
  const data: MetricDatum[] = [];
  const put = (MetricName: string, Value: number, Unit: 'Count' | 'Bytes' = 'Count') =>
    data.push({
      MetricName,
      Value,
      Unit,
      Dimensions: [{ Name: 'EventSourceMappingUUID', Value: mapping.uuid }],
    });
  const since = (of: (values: CountedValues) => number) => of(now) - (before === undefined ? 0 : of(before));
  if (mapping.metrics.includes('EventCount')) for (const [name, of] of counts) put(name, since(of));
  if (mapping.metrics.includes('ErrorCount')) {
    for (const [name, of] of errors) if (since(of) > 0) put(name, since(of));
  }
  if (mapping.metrics.includes('KafkaMetrics') && lag !== null) {
    put('MaxOffsetLag', lag.largest);
    put('SumOffsetLag', lag.sum);
  }
  if (mapping.provisioned) {
    put('ProvisionedPollers', now.pollers);
    put('EventPollerUnit', now.pollers * minutes);
    put(
      'EventPollerThroughputInBytes',
      since(({ polledBytes }) => polledBytes),
      'Bytes',
    );
  }
  return data;
}

/** What AWS publishes of a function because of its mappings. */
export function functionMetrics(functionArn: string, lags: readonly Lag[], failedDeliveries: number): MetricDatum[] {
  const Dimensions = [{ Name: 'FunctionName', Value: functionArn.split(':')[6] ?? functionArn }];
  return [
    ...(lags.length === 0
      ? []
      : [
          {
            MetricName: 'OffsetLag',
            Value: Math.max(...lags.map(({ largest }) => largest)),
            Unit: 'Count' as const,
            Dimensions,
          },
        ]),
    ...(failedDeliveries === 0
      ? []
      : [{ MetricName: 'DestinationDeliveryFailures', Value: failedDeliveries, Unit: 'Count' as const, Dimensions }]),
  ];
}
