import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { functionName, type TopicGroup, topicGroups } from '../../catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import { watchedFunctions } from '../alarms/functions.ts';
import type { AwsMetricName } from '../aws-metrics.ts';
import { awsMetric, math, type StageMetrics } from '../metrics.ts';
import type { Subjects } from '../subjects.ts';
import { graph, heading } from './widgets.ts';

const hour = Duration.hours(1);
const groups: readonly TopicGroup[] = topicGroups;

/** What grows with use, in the units that AWS bills; what a unit costs is in docs/deploy.md. */
export function costDashboard(
  { stage, function: { memoryMiB } }: StageConfiguration,
  metrics: StageMetrics,
  subjects: Subjects,
): cloudwatch.IWidget[][] {
  const ofFunctions = (name: AwsMetricName<'lambda'>) =>
    watchedFunctions.map((short) =>
      awsMetric('lambda', [functionName(stage, short)], name, { label: short, period: hour }),
    );
  const gigabyteSeconds = watchedFunctions.map((short) => {
    const id = `millis_${short.replace('-', '_')}`;
    return math(
      `${id} / 1000 * ${memoryMiB / 1024}`,
      { [id]: awsMetric('lambda', [functionName(stage, short)], 'Duration', { period: hour }) },
      { label: short, period: hour },
    );
  });
  const ofMappings = (name: AwsMetricName<'mapping'>) =>
    groups.flatMap(({ topics }) =>
      topics.map((topic) =>
        awsMetric('mapping', [subjects.mapping(topic.name)], name, { label: topic.name, period: hour }),
      ),
    );
  return [
    [
      heading(
        `# What is used and billed, stage ${stage}\nBrokers, database and domain cost the same at rest; this is what grows with records.`,
        2,
      ),
    ],
    [
      graph({
        title: 'Compute of functions',
        unit: 'GB-seconds per hour',
        metrics: gigabyteSeconds,
        stacked: true,
        period: hour,
      }),
      graph({
        title: 'Invocations of functions',
        unit: 'Per hour',
        metrics: ofFunctions('Invocations'),
        stacked: true,
        period: hour,
      }),
      graph({
        title: 'Event pollers',
        unit: 'Poller units, per minute summed to hours',
        metrics: ofMappings('EventPollerUnit'),
        stacked: true,
        period: hour,
      }),
    ],
    [
      graph({
        title: 'Log text written',
        unit: 'Bytes per hour',
        metrics: watchedFunctions.map((short) =>
          awsMetric('logs', [`/aws/lambda/${functionName(stage, short)}`], 'IncomingBytes', {
            label: short,
            period: hour,
          }),
        ),
        stacked: true,
        period: hour,
      }),
      graph({
        title: 'Records that this was spent on',
        unit: 'Records per hour',
        metrics: [metrics.whole('received', { label: 'received', period: hour })],
        period: hour,
      }),
      graph({
        title: 'Compute for one record',
        unit: 'Milliseconds of a function',
        metrics: [
          math(
            '(survey + learning + training + content) / records',
            {
              ...Object.fromEntries(
                groups.map(({ name }) => [
                  name,
                  awsMetric('lambda', [functionName(stage, name)], 'Duration', { period: hour }),
                ]),
              ),
              records: metrics.whole('received', { period: hour }),
            },
            { label: 'milliseconds', period: hour },
          ),
        ],
        period: hour,
      }),
    ],
  ];
}
