import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { exportName, functionName, topicGroups } from '../../catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import { awsMetric, math } from '../metrics.ts';
import type { Subjects } from '../subjects.ts';
import type { AlarmDefinition, CompositeDefinition } from './definition.ts';

const groupNames: readonly string[] = topicGroups.map(({ name }) => name);

/** Functions that run by themselves; who asks `show` sees its failure. */
export function watchedFunctions({ database }: StageConfiguration): readonly string[] {
  // An imported database's owner changes its passwords.
  const rotation = database.mode === 'create' ? [rotationName] : [];
  return [...groupNames, 'relay', 'maintenance', 'dead-letters', 'api', exportName, ...rotation];
}

const rotationName = 'rotate-secret';
/** They run too seldom to throw in three of five minutes. */
const seldom: readonly string[] = [exportName, rotationName];

/** A group's function at this share of its timeout is near it. */
const nearTimeout = 0.8;

export function functionAlarms(stage: StageConfiguration, subjects: Subjects): AlarmDefinition[] {
  const timeoutMillis = stage.function.timeoutSeconds * 1_000;
  return [
    ...watchedFunctions(stage).flatMap((name): AlarmDefinition[] => {
      const dimensions = [functionName(stage.stage, name)];
      return [
        {
          kind: 'function-failing',
          subject: name,
          severity: groupNames.includes(name) ? 'page' : 'ticket',
          says: `the function ${name} throws: a refused credential, a missing table or index, or a bug`,
          metric: awsMetric('lambda', dimensions, 'Errors'),
          when: '>',
          threshold: 0,
          points: seldom.includes(name) ? [1, 1] : [3, 5],
          missing: 'notBreaching',
        },
        {
          kind: 'function-throttled',
          subject: name,
          severity: groupNames.includes(name) ? 'page' : 'ticket',
          says: `the function ${name} is throttled: it has not the concurrency that it needs`,
          metric: awsMetric('lambda', dimensions, 'Throttles'),
          when: '>',
          threshold: 0,
          points: [3, 5],
          missing: 'notBreaching',
        },
      ];
    }),
    ...topicGroups.flatMap(({ name, topics }): AlarmDefinition[] => {
      const dimensions = [functionName(stage.stage, name)];
      return [
        {
          kind: 'near-timeout',
          subject: name,
          severity: 'part',
          says: `the function ${name} takes more than ${nearTimeout * 100} % of its time`,
          metric: awsMetric('lambda', dimensions, 'Duration', { statistic: 'Maximum' }),
          when: '>',
          threshold: timeoutMillis * nearTimeout,
          points: [3, 5],
          missing: 'notBreaching',
        },
        {
          kind: 'destination-failing',
          subject: name,
          severity: 'page',
          says: `${name}: records that a mapping gave up could not be written to the bucket`,
          metric: failedDeliveries(
            dimensions,
            topics.map((topic) => subjects.mapping(topic.name)),
          ),
          when: '>',
          threshold: 0,
          points: [1, 1],
          missing: 'notBreaching',
        },
      ];
    }),
  ];
}

/** AWS says of both that mappings publish them; of the function's, that other kinds of sources do. */
function failedDeliveries(functionDimensions: readonly string[], mappings: readonly string[]) {
  const ofMappings = mappings.map((uuid, position) => [
    `mapping${position}`,
    awsMetric('mapping', [uuid], 'OnFailureDestinationDeliveryErrorCount'),
  ]);
  const metrics: Record<string, cloudwatch.IMetric> = {
    ofFunction: awsMetric('lambda', functionDimensions, 'DestinationDeliveryFailures'),
    ...Object.fromEntries(ofMappings),
  };
  return math(`SUM([${Object.keys(metrics).join(', ')}])`, metrics, { label: 'not delivered' });
}

export const functionComposites: readonly CompositeDefinition[] = [
  {
    kind: 'near-timeout',
    severity: 'ticket',
    says: 'a topic group takes nearly all of its time, and no store is known to be down',
    anyOf: groupNames.map((name) => [`near-timeout-${name}`]),
    symptom: true,
  },
];
