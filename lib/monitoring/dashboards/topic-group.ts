import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricOf, objectives } from '../../../functions/core/observability/metric-catalogue.ts';
import { functionName, type TopicGroup } from '../../catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import type { AwsMetricName } from '../aws-metrics.ts';
import { awsMetric, math, type StageMetrics } from '../metrics.ts';
import type { Subjects } from '../subjects.ts';
import { funnel } from './overview.ts';
import { graph, heading } from './widgets.ts';

const steps: readonly (readonly [MetricOf<'service'>, string])[] = [
  ['decodeMillis', 'decode'],
  ['upcastMillis', 'upcast'],
  ['validateMillis', 'validate'],
  ['ledgerMillis', 'ledger'],
  ['indexMillis', 'index'],
  ['deadLetterMillis', 'dead letters'],
];
const daySeconds = 86_400;

/** One topic group: its records, its mappings, its function. */
export function topicGroupDashboard(
  stage: StageConfiguration,
  metrics: StageMetrics,
  subjects: Subjects,
  group: TopicGroup,
): cloudwatch.IWidget[][] {
  const { name, topics } = group;
  const own = (metric: MetricOf<'service'>, label: string) => metrics.service(metric, name, { label });
  const ofTopics = (metric: AwsMetricName<'mapping'>, statistic: string) =>
    topics.map((topic) =>
      awsMetric('mapping', [subjects.mapping(topic.name)], metric, { label: topic.name, statistic }),
    );
  /** Of all of the group's mappings together, a line for each. */
  const ofAll = (names: readonly AwsMetricName<'mapping'>[]) =>
    names.map((metric) => {
      const ids = topics.map((_, position) => `${metric.charAt(0).toLowerCase()}${metric.slice(1)}${position}`);
      return math(
        `SUM([${ids.join(', ')}])`,
        Object.fromEntries(
          topics.map((topic, position) => [
            ids[position] ?? '',
            awsMetric('mapping', [subjects.mapping(topic.name)], metric),
          ]),
        ),
        { label: words[metric] ?? metric },
      );
    });
  const ofFunction = (metric: AwsMetricName<'lambda'>, statistic: string, label: string) =>
    awsMetric('lambda', [functionName(stage.stage, name)], metric, { label, statistic });
  const retention = Math.min(...topics.map(({ retentionDays }) => retentionDays)) * daySeconds;
  return [
    [
      heading(
        `# Topic group ${name}, stage ${stage.stage}\n${topics.map((topic) => `\`${topic.name}\``).join(', ')}`,
        2,
      ),
    ],
    [
      graph({
        title: 'From received to searchable, in the time shown',
        unit: 'Records',
        metrics: funnel.map(([metric, label]) => own(metric, label)),
        view: 'bar',
      }),
      graph({
        title: 'What became of the records',
        unit: 'Records per minute',
        metrics: [
          own('accepted', 'accepted'),
          own('duplicates', 'known already'),
          own('rejected', 'refused'),
          own('conflicts', 'refused: id taken'),
          own('erasedRecords', 'of erased people'),
          own('retried', 'come again'),
        ],
      }),
      graph({
        title: 'Slowest record until searchable',
        unit: 'Milliseconds',
        metrics: [own('freshness', 'slowest')],
        lines: [{ value: objectives.freshMillis, label: 'objective' }],
      }),
    ],
    [
      graph({
        title: 'Records behind, by topic (worst partition)',
        unit: 'Records',
        metrics: ofTopics('MaxOffsetLag', 'Maximum'),
      }),
      graph({
        title: 'Records behind, by topic (all partitions)',
        unit: 'Records',
        metrics: [
          ...ofTopics('SumOffsetLag', 'Maximum'),
          ofFunction('OffsetLag', 'Maximum', 'function, as AWS counts it'),
        ],
      }),
      graph({
        title: 'Age of the oldest record not done',
        unit: 'Seconds',
        metrics: [own('unreadAge', 'at least')],
        lines: [
          { value: stage.observability.unreadAgeSeconds, label: 'wakes somebody' },
          { value: retention / 2, label: 'half of what Kafka keeps' },
        ],
      }),
    ],
    [
      graph({
        title: 'Records done, by topic',
        unit: 'Records per minute',
        metrics: ofTopics('CommittedEventCount', 'Sum'),
      }),
      graph({
        title: 'Records read and handed to the function',
        unit: 'Records per minute',
        metrics: ofAll(['PolledEventCount', 'InvokedEventCount', 'FailedInvokeEventCount']),
      }),
      graph({
        title: 'Records given up',
        unit: 'Records per minute',
        metrics: ofAll(['OnFailureDestinationDeliveredEventCount', 'DroppedEventCount']),
      }),
    ],
    [
      graph({
        title: 'Where a batch spends its time',
        unit: 'Milliseconds, average of a batch',
        metrics: steps.map(([metric, label]) => own(metric, label)),
        stacked: true,
      }),
      graph({ title: 'Records in a batch', unit: 'Records, average', metrics: [own('batchSize', 'records')] }),
      graph({
        title: 'What was written',
        unit: 'Per minute',
        metrics: [
          own('ledgerWrites', 'rows'),
          own('indexWrites', 'documents'),
          own('documentsRefused', 'documents refused'),
          own('deadLetters', 'dead letters'),
          own('upcastRecords', 'old dialects removed'),
        ],
      }),
    ],
    [
      graph({
        title: 'Longest invocation',
        unit: 'Milliseconds',
        metrics: [ofFunction('Duration', 'Maximum', 'longest')],
        lines: [{ value: stage.function.timeoutSeconds * 1_000, label: 'timeout' }],
      }),
      graph({
        title: 'Invocations of the function',
        unit: 'Per minute',
        metrics: [
          ofFunction('Invocations', 'Sum', 'all'),
          ofFunction('Errors', 'Sum', 'threw'),
          ofFunction('Throttles', 'Sum', 'throttled'),
          ofFunction('DestinationDeliveryFailures', 'Sum', 'given up and not written'),
        ],
      }),
      graph({
        title: 'Invocations at once',
        unit: 'Count',
        metrics: [ofFunction('ConcurrentExecutions', 'Maximum', 'at once')],
      }),
    ],
    [
      graph({
        title: 'Pollers at work, by topic',
        unit: 'Pollers',
        metrics: ofTopics('ProvisionedPollers', 'Maximum'),
        lines: [{ value: stage.mapping.maximumPollers, label: 'at most' }],
      }),
      graph({
        title: 'Errors of the pollers',
        unit: 'Per minute',
        metrics: ofAll([
          'PollingErrorCount',
          'InvokeErrorCount',
          'CommitErrorCount',
          'OnFailureDestinationDeliveryErrorCount',
        ]),
      }),
      graph({
        title: 'Bytes read, by topic',
        unit: 'Bytes per minute',
        metrics: ofTopics('EventPollerThroughputInBytes', 'Sum'),
      }),
    ],
    [
      new cloudwatch.LogQueryWidget({
        title: 'Last batches with records that come again',
        logGroupNames: [`/aws/lambda/${functionName(stage.stage, name)}`],
        queryLines: [
          "filter message = 'batch' and retried > 0",
          'fields @timestamp, received, retried, millis.ledger, millis.index, requestId',
          'sort @timestamp desc',
          'limit 20',
        ],
        width: 24,
        height: 5,
      }),
    ],
  ];
}

const words: Partial<Record<AwsMetricName<'mapping'>, string>> = {
  PolledEventCount: 'read',
  InvokedEventCount: 'handed over',
  FailedInvokeEventCount: 'failed',
  OnFailureDestinationDeliveredEventCount: 'to the bucket',
  DroppedEventCount: 'lost',
  PollingErrorCount: 'reading',
  InvokeErrorCount: 'invoking',
  CommitErrorCount: 'committing',
  OnFailureDestinationDeliveryErrorCount: 'writing to the bucket',
};
