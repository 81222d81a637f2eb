import { Duration } from 'aws-cdk-lib';
import { type TopicGroup, topicGroups } from '../../catalogue.ts';
import type { StageConfiguration } from '../../stage/schema.ts';
import { awsMetric, math, type StageMetrics } from '../metrics.ts';
import type { Subjects } from '../subjects.ts';
import type { AlarmDefinition, CompositeDefinition } from './definition.ts';

const daySeconds = 86_400;
const groups: readonly TopicGroup[] = topicGroups;
const topics = groups.flatMap((group) => group.topics);

/** Alarms on records on their way: per topic where AWS measures topics, else per topic group. */
export function flowAlarms(stage: StageConfiguration, metrics: StageMetrics, subjects: Subjects): AlarmDefinition[] {
  const { observability } = stage;
  const period = Duration.seconds(observability.alarmPeriodSeconds);
  return [
    ...topics.flatMap((topic) => topicAlarms(stage, topic, subjects.mapping(topic.name))),
    ...groups.flatMap(({ name, topics: own }): AlarmDefinition[] => [
      {
        kind: 'records-waiting',
        subject: name,
        severity: 'part',
        says: `${name}: the oldest record that is not done has waited longer than ${observability.unreadAgeSeconds} s`,
        metric: metrics.service('unreadAge', name, { period }),
        when: '>=',
        threshold: observability.unreadAgeSeconds,
        points: [2, 3],
        missing: 'missing',
      },
      {
        kind: 'data-about-to-be-lost',
        subject: name,
        severity: 'page',
        says: `${name}: records have waited for half of the time that Kafka keeps them`,
        metric: metrics.service('unreadAge', name, { period }),
        when: '>=',
        threshold: (Math.min(...own.map(({ retentionDays }) => retentionDays)) * daySeconds) / 2,
        points: [2, 3],
        missing: 'missing',
      },
    ]),
    ...[...groups.map(({ name }) => name), 'dead-letters'].map(
      (service): AlarmDefinition => ({
        kind: 'dead-letters-arriving',
        subject: service,
        severity: 'ticket',
        says:
          service === 'dead-letters'
            ? 'a mapping gave up records; they are replayed by schedule'
            : `${service}: records are refused for good; nobody counts them until their producer is mended`,
        metric: metrics.service('deadLetters', service, { period }),
        when: '>',
        threshold: 0,
        points: [1, 3],
        missing: 'notBreaching',
      }),
    ),
    {
      kind: 'nothing-arriving',
      severity: 'ticket',
      says: 'no record has come for an hour in working hours: producers, Kafka or all mappings are silent',
      metric: arrivals(stage, metrics),
      when: '<',
      threshold: 1,
      points: [1, 1],
      missing: 'missing',
    },
  ];
}

function topicAlarms(
  stage: StageConfiguration,
  { name, partitions }: (typeof topics)[number],
  mapping: string,
): AlarmDefinition[] {
  const period = Duration.seconds(stage.observability.alarmPeriodSeconds);
  const lag = awsMetric('mapping', [mapping], 'MaxOffsetLag', { statistic: 'Maximum', period });
  const pollers = Math.min(stage.mapping.maximumPollers, partitions);
  return [
    {
      kind: 'stuck-partition',
      subject: name,
      severity: 'part',
      says: `${name}: records wait, and none has been committed`,
      metric: math(
        'IF(SUM([committed, 0 * lag]) == 0 AND lag > 0 AND DIFF(lag) >= 0, 1, 0)',
        { committed: awsMetric('mapping', [mapping], 'CommittedEventCount', { period }), lag },
        { label: 'stuck', period },
      ),
      when: '>=',
      threshold: 1,
      points: [5, 5],
      missing: 'notBreaching',
    },
    {
      kind: 'pollers-at-maximum',
      subject: name,
      severity: 'part',
      says: `${name}: all ${pollers} pollers are at work and the lag does not shrink`,
      metric: math(
        `IF(pollers >= ${pollers} AND DIFF(lag) > 0, 1, 0)`,
        { pollers: awsMetric('mapping', [mapping], 'ProvisionedPollers', { statistic: 'Maximum', period }), lag },
        { label: 'at maximum', period },
      ),
      when: '>=',
      threshold: 1,
      points: [10, 15],
      missing: 'notBreaching',
    },
  ];
}

/** Records of an hour; outside working hours 1, which is enough. */
function arrivals({ observability: { workingHours: hours } }: StageConfiguration, metrics: StageMetrics) {
  const period = Duration.hours(1);
  const working =
    `DAY(clock) >= ${hours.firstDay} AND DAY(clock) <= ${hours.lastDay} ` +
    `AND HOUR(clock) >= ${hours.from} AND HOUR(clock) < ${hours.to}`;
  return math(
    `IF(${working}, SUM([received, 0 * clock]), 1)`,
    {
      received: metrics.whole('received', { period }),
      // A point every minute: an hour in which nothing arrives has one too.
      clock: metrics.service('outboxWaiting', 'maintenance', { statistic: 'SampleCount', period }),
    },
    { period, label: 'received in working hours' },
  );
}

export const flowComposites: readonly CompositeDefinition[] = [
  {
    kind: 'stuck-partition',
    severity: 'page',
    says: 'a topic has records that nobody gets done, and no store is known to be down',
    anyOf: topics.map(({ name }) => [`stuck-partition-${name}`]),
    symptom: true,
  },
  {
    kind: 'records-waiting',
    severity: 'page',
    says: 'records wait in Kafka for longer than learners should, and no store is known to be down',
    anyOf: groups.map(({ name }) => [`records-waiting-${name}`]),
    symptom: true,
  },
  {
    kind: 'pollers-at-maximum',
    severity: 'ticket',
    says: 'a mapping has all the pollers that it may have, and the lag grows',
    anyOf: topics.map(({ name }) => [`pollers-at-maximum-${name}`]),
    symptom: true,
  },
];
