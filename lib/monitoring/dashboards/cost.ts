import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { functionName, type TopicGroup, topicGroups } from '../../catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import { watchedFunctions } from '../alarms/functions.ts';
import type { AwsMetricName } from '../aws-metrics.ts';
import { awsMetric, math, type StageMetrics } from '../metrics.ts';
import type { Subjects } from '../subjects.ts';
import { graph, heading } from './widgets.ts';

const groups: readonly TopicGroup[] = topicGroups;

/** What grows with use, in the units that AWS bills; what a unit costs is in docs/cost.md. */
export function costDashboard(
  configuration: StageConfiguration,
  metrics: StageMetrics,
  subjects: Subjects,
): cloudwatch.IWidget[][] {
  const {
    stage,
    function: { memoryMiB },
  } = configuration;
  const watched = watchedFunctions(configuration);
  const ofFunctions = (name: AwsMetricName<'lambda'>) =>
    watched.map((short) => awsMetric('lambda', [functionName(stage, short)], name, { label: short }));
  const gigabyteSeconds = watched.map((short) => {
    const id = `millis_${short.replace('-', '_')}`;
    return math(
      `${id} / 1000 * ${memoryMiB / 1024}`,
      { [id]: awsMetric('lambda', [functionName(stage, short)], 'Duration') },
      { label: short },
    );
  });
  const ofMappings = (name: AwsMetricName<'mapping'>) =>
    groups.flatMap(({ topics }) =>
      topics.map((topic) => awsMetric('mapping', [subjects.mapping(topic.name)], name, { label: topic.name })),
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
        unit: 'GB-seconds per minute',
        metrics: gigabyteSeconds,
        stacked: true,
      }),
      graph({
        title: 'Invocations of functions',
        unit: 'Per minute',
        metrics: ofFunctions('Invocations'),
        stacked: true,
      }),
      graph({
        title: 'Event pollers',
        unit: 'Poller units per minute',
        metrics: ofMappings('EventPollerUnit'),
        stacked: true,
      }),
    ],
    [
      graph({
        title: 'Log text written',
        unit: 'Bytes per minute',
        metrics: watched.map((short) =>
          awsMetric('logs', [`/aws/lambda/${functionName(stage, short)}`], 'IncomingBytes', {
            label: short,
          }),
        ),
        stacked: true,
      }),
      graph({
        title: 'Records that this was spent on',
        unit: 'Records per minute',
        metrics: [metrics.whole('received', { label: 'received' })],
      }),
      graph({
        title: 'Compute for one record',
        unit: 'Milliseconds of a function',
        metrics: [
          math(
            '(survey + learning + training + content) / records',
            {
              ...Object.fromEntries(
                groups.map(({ name }) => [name, awsMetric('lambda', [functionName(stage, name)], 'Duration')]),
              ),
              records: metrics.whole('received'),
            },
            { label: 'milliseconds' },
          ),
        ],
      }),
    ],
  ];
}
