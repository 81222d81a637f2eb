import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type AlarmRule,
  type AlarmState,
  compositeState,
  pointsOf,
  stateOf,
} from '../../localstack/cloudwatch/alarm-state.ts';
import type { Series } from '../../localstack/cloudwatch/math.ts';
import { ruleOf } from '../../localstack/cloudwatch/read.ts';
import { written } from './support/statements.ts';
import { stage, templatesOf } from './support/synthesize.ts';

/** The deployed rules, fed with points that a situation would have. */
const template = templatesOf('dev').observability;
const dimension = z.object({ Name: z.string(), Value: z.unknown().transform(written) });
const metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.array(dimension).default([]) });
const properties = z.object({
  AlarmName: z.string(),
  ComparisonOperator: z.enum([
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number(),
  TreatMissingData: z.string(),
  Namespace: z.string().default(''),
  MetricName: z.string().optional(),
  Statistic: z.enum(['Sum', 'Maximum', 'Minimum', 'Average', 'SampleCount']).default('Sum'),
  Period: z.number().default(60),
  Dimensions: z.array(dimension).default([]),
  Metrics: z
    .array(
      z.object({
        Id: z.string(),
        Expression: z.string().optional(),
        ReturnData: z.boolean().optional(),
        MetricStat: z.object({ Metric: metric, Period: z.number(), Stat: z.string() }).optional(),
      }),
    )
    .default([]),
});

const rules = new Map(
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((resource) => {
    const rule = ruleOf(properties.parse(Object(resource).Properties));
    return [rule.name.replace('nlj-events-dev-', ''), rule] as const;
  }),
);

function deployed(name: string): AlarmRule {
  const rule = rules.get(name);
  if (rule === undefined) throw new Error(`No alarm is called ${name}`);
  return rule;
}

/** A metric over time: its value at a second, or none. */
type Source = (second: number) => number | null;

/** The state at an instant where metrics, by name, are so. */
async function stateAt(name: string, instant: string, sources: Readonly<Record<string, Source>>): Promise<AlarmState> {
  const rule = deployed(name);
  const points = await pointsOf(
    rule,
    async (query, from, to): Promise<Series> => {
      const found = new Map<number, number>();
      for (let second = from; second < to; second += query.period) {
        const value = sources[query.name]?.(second) ?? null;
        if (value !== null) found.set(second, value);
      }
      return found;
    },
    Date.parse(instant) / 1_000,
  );
  return stateOf(rule, points);
}

const always =
  (value: number): Source =>
  () =>
    value;
const never: Source = () => null;
/** A Friday, at noon. */
const noon = '2026-11-27T12:30:00Z';
const at = (instant: string) => Date.parse(instant) / 1_000;

describe('nothing arrives', () => {
  const clock = { outboxWaiting: always(60) };
  it.each([
    ['at noon on a Friday', noon, 'ALARM'],
    ['at night', '2026-11-27T03:30:00Z', 'OK'],
    ['on a Sunday', '2026-11-29T12:30:00Z', 'OK'],
  ])('%s', async (_, instant, expected) => {
    expect(await stateAt('nothing-arriving', instant, { ...clock, received: never })).toBe(expected);
  });

  it('but one record in the hour', async () => {
    expect(await stateAt('nothing-arriving', noon, { ...clock, received: always(1) })).toBe('OK');
  });

  it('and nothing measures: nothing can be said, which has an alarm of its own', async () => {
    expect(await stateAt('nothing-arriving', noon, { outboxWaiting: never, received: never })).toBe(
      'INSUFFICIENT_DATA',
    );
    expect(await stateAt('measurements-missing', noon, { outboxWaiting: never })).toBe('ALARM');
  });
});

describe('a stuck partition', () => {
  const name = 'stuck-partition-xapi-events';
  it.each<[string, Record<string, Source>, AlarmState]>([
    ['lag stays and nothing is committed', { MaxOffsetLag: always(7), CommittedEventCount: always(0) }, 'ALARM'],
    ['as well where AWS publishes no zero', { MaxOffsetLag: always(7), CommittedEventCount: never }, 'ALARM'],
    ['lag grows', { MaxOffsetLag: (second) => second % 10_000, CommittedEventCount: never }, 'ALARM'],
    ['something is committed', { MaxOffsetLag: always(7), CommittedEventCount: always(1) }, 'OK'],
    ['lag shrinks', { MaxOffsetLag: (second) => 1e10 - second, CommittedEventCount: never }, 'OK'],
    ['nothing waits', { MaxOffsetLag: always(0), CommittedEventCount: never }, 'OK'],
    ['the mapping publishes nothing', { MaxOffsetLag: never, CommittedEventCount: never }, 'OK'],
    ['for four minutes only', { MaxOffsetLag: (second) => (second < at(noon) - 180 ? 0 : 7) }, 'OK'],
  ])('%s', async (_, sources, expected) => {
    expect(await stateAt(name, noon, sources)).toBe(expected);
  });
});

describe('pollers at their maximum', () => {
  const { maximumPollers } = stage('dev').mapping;
  it.each<[string, Record<string, Source>, AlarmState]>([
    ['and the lag grows', { ProvisionedPollers: always(maximumPollers), MaxOffsetLag: (second) => second }, 'ALARM'],
    ['and the lag stays', { ProvisionedPollers: always(maximumPollers), MaxOffsetLag: always(9) }, 'OK'],
    ['not reached', { ProvisionedPollers: always(maximumPollers - 1), MaxOffsetLag: (second) => second }, 'OK'],
  ])('%s', async (_, sources, expected) => {
    expect(await stateAt('pollers-at-maximum-xapi-events', noon, sources)).toBe(expected);
  });
});

describe('an error budget', () => {
  /** The composite over its two windows. */
  async function fast(sources: Readonly<Record<string, Source>>): Promise<AlarmState> {
    const windows = ['freshness-budget-1h', 'freshness-budget-5m'] as const;
    const states = new Map<string, AlarmState>();
    for (const window of windows) states.set(window, await stateAt(window, noon, sources));
    return compositeState(`(ALARM("${windows[0]}") AND ALARM("${windows[1]}"))`, states);
  }

  it.each<[string, Record<string, Source>, AlarmState]>([
    ['burns 20 times too fast', { late: always(20), searchable: always(1_000) }, 'ALARM'],
    ['burns ten times too fast: no page', { late: always(10), searchable: always(1_000) }, 'OK'],
    ['is not judged by a few records', { late: always(3), searchable: always(19) }, 'OK'],
    ['is not judged by none', { late: never, searchable: never }, 'OK'],
    // One point of the long window stands for the hour, one of the short for the last five minutes.
    [
      'has recovered in the last five minutes',
      { late: (second) => (second > at(noon) - 600 ? 0 : 90), searchable: always(1_000) },
      'OK',
    ],
  ])('%s', async (_, sources, expected) => {
    expect(await fast(sources)).toBe(expected);
  });
});

describe('what waits', () => {
  const day = 86_400;
  it.each([
    ['training keeps 30 days', 'data-about-to-be-lost-training', 15 * day, 'ALARM'],
    ['training has a day left to half of them', 'data-about-to-be-lost-training', 14 * day, 'OK'],
    ['survey keeps 90 days', 'data-about-to-be-lost-survey', 44 * day, 'OK'],
    ['a quarter of an hour', 'records-waiting-survey', 960, 'ALARM'],
    ['some minutes', 'records-waiting-survey', 480, 'OK'],
  ])('%s', async (_, name, age, expected) => {
    expect(await stateAt(name, noon, { unreadAge: always(age) })).toBe(expected);
  });
});

it.each<[string, string, Record<string, Source>, AlarmState]>([
  [
    'one dead letter',
    'dead-letters-arriving-survey',
    { deadLetters: (second) => Number(second === at(noon) - 60) },
    'ALARM',
  ],
  ['no batch at all', 'dead-letters-arriving-survey', { deadLetters: never }, 'OK'],
  ['one blip of a store', 'index-unavailable', { storeWaits: (second) => (second === at(noon) - 60 ? 1 : null) }, 'OK'],
  ['a store that stays down', 'index-unavailable', { storeWaits: always(3) }, 'ALARM'],
  ['brokers that are half busy', 'broker-cpu', { CpuUser: always(20), CpuSystem: always(10) }, 'OK'],
  ['brokers that are too busy', 'broker-cpu', { CpuUser: always(45), CpuSystem: always(20) }, 'ALARM'],
  ['an API that fails', 'api-failing', { Count: always(100), '5XXError': always(6) }, 'ALARM'],
  ['an API that nobody asks', 'api-failing', { Count: never, '5XXError': never }, 'OK'],
  [
    'connections that are used up',
    'database-connections',
    { DatabaseConnectionsCurrentlyBorrowed: always(90), MaxDatabaseConnectionsAllowed: always(100) },
    'ALARM',
  ],
])('%s: %s', async (_, name, sources, expected) => {
  expect(await stateAt(name, noon, sources)).toBe(expected);
});
