import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { functionName } from '../../catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import { awsMetric, type StageMetrics } from '../metrics.ts';
import { graph, heading } from './widgets.ts';

const fiveMinutes = Duration.minutes(5);
const operations = ['relay', 'maintenance', 'dead-letters'] as const;

/** What repairs and announces: outbox, dead letters, reconciler. */
export function operationsDashboard(
  { stage, observability }: StageConfiguration,
  metrics: StageMetrics,
): cloudwatch.IWidget[][] {
  const ofFunctions = (name: 'Errors' | 'Duration', statistic: string) =>
    operations.map((short) => awsMetric('lambda', [functionName(stage, short)], name, { label: short, statistic }));
  return [
    [heading(`# Repair and announcements, stage ${stage}`)],
    [
      graph({
        title: 'Age of the oldest announcement not published',
        unit: 'Seconds',
        metrics: [metrics.service('outboxAge', 'maintenance', { label: 'age' })],
        lines: [{ value: observability.outboxAgeSeconds, label: 'wakes somebody' }],
      }),
      graph({
        title: 'Announcements that wait',
        unit: 'Announcements',
        metrics: [metrics.service('outboxWaiting', 'maintenance', { label: 'waiting' })],
      }),
      graph({
        title: 'Announcements published',
        unit: 'Per minute',
        metrics: [metrics.service('announced', 'relay', { label: 'published' })],
      }),
    ],
    [
      graph({
        title: 'Dead letters that wait for a decision',
        unit: 'Records',
        metrics: [metrics.service('deadLettersWaiting', 'maintenance', { label: 'waiting' })],
      }),
      graph({
        title: 'Records that mappings gave up',
        unit: 'Records',
        metrics: [metrics.service('deadLetters', 'dead-letters', { label: 'given up' })],
      }),
      graph({
        title: 'Records found wrong',
        unit: 'Records',
        metrics: [
          metrics.service('incorrect', 'maintenance', { label: 'drifted' }),
          metrics.service('incorrect', 'dead-letters', { label: 'given up' }),
          metrics.whole('incorrect', { label: 'all, with documents refused' }),
        ],
      }),
    ],
    [
      graph({
        title: 'Documents that were not as their rows',
        unit: 'Documents',
        metrics: [
          metrics.service('drift', 'maintenance', { label: 'found', period: fiveMinutes }),
          metrics.service('driftLeft', 'maintenance', { label: 'left', period: fiveMinutes }),
        ],
        period: fiveMinutes,
      }),
      graph({
        title: 'Rows whose document is not confirmed yet',
        unit: 'Rows',
        metrics: [metrics.service('documentsDue', 'maintenance', { label: 'due' })],
      }),
      graph({
        title: 'Statements moved to a joined person',
        unit: 'Statements',
        metrics: [metrics.service('statementsJoined', 'maintenance', { label: 'moved' })],
      }),
    ],
    [
      graph({ title: 'Functions that threw', unit: 'Per minute', metrics: ofFunctions('Errors', 'Sum'), width: 12 }),
      graph({
        title: 'Longest invocation',
        unit: 'Milliseconds',
        metrics: ofFunctions('Duration', 'Maximum'),
        width: 12,
      }),
    ],
  ];
}
