import { describe, expect, it } from 'vitest';
import {
  type AlarmRule,
  type AlarmState,
  compositeState,
  pointsOf,
  stateOf,
} from '../../../../localstack/cloudwatch/alarm-state.ts';

const rule = (changes: Partial<AlarmRule> = {}) => ({
  comparison: 'GreaterThanThreshold',
  threshold: 10,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missing: 'notBreaching',
  ...changes,
});
const points = (values: readonly (number | null)[]) =>
  new Map(values.flatMap((value, position) => (value === null ? [] : [[position * 60, value] as const])));

describe('the state of an alarm', () => {
  it.each<[string, readonly (number | null)[], Partial<AlarmRule>, AlarmState]>([
    ['M of N breach', [11, 1, 12], {}, 'ALARM'],
    ['fewer than M', [11, 1, 2], {}, 'OK'],
    ['the threshold itself is none', [10, 10, 10], {}, 'OK'],
    ['older points do not count where N are there', [99, 99, 1, 1, 1], {}, 'OK'],
    ['missing is well', [11, null, null], {}, 'OK'],
    ['missing is wrong', [11, null, null], { missing: 'breaching' }, 'ALARM'],
    ['missing says nothing, and what is there decides', [11, 12, null], { missing: 'missing' }, 'ALARM'],
    ['nothing is there and missing says nothing', [], { missing: 'missing' }, 'INSUFFICIENT_DATA'],
    ['nothing is there and missing is wrong', [], { missing: 'breaching' }, 'ALARM'],
    ['below', [1, 1, 1], { comparison: 'LessThanThreshold', threshold: 2 }, 'ALARM'],
  ])('%s', (_, values, changes, expected) => {
    expect(stateOf(rule(changes), points(values))).toBe(expected);
  });

  it('is of metric math over the periods that the alarm has, and two before', async () => {
    const asked: [string, number, number][] = [];
    const query = { namespace: 'n', name: 'm', dimensions: {}, statistic: 'Sum', period: 60 };
    const found = await pointsOf(
      {
        ...rule(),
        name: 'a',
        input: { kind: 'math', expression: 'x * 2', period: 60, metrics: new Map([['x', query]]) },
      },
      async ({ name }, from, to) => {
        asked.push([name, from, to]);
        return new Map([[from, 4]]);
      },
      630,
    );
    expect(asked).toEqual([['m', 360, 660]]);
    expect([...found]).toEqual([[360, 8]]);
  });
});

describe('the state of a composite', () => {
  const states = new Map<string, AlarmState>([
    ['a', 'ALARM'],
    ['b', 'OK'],
    ['c', 'ALARM'],
  ]);
  it.each<[string, AlarmState]>([
    ['ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:a")', 'ALARM'],
    ['ALARM("b") OR ALARM("a")', 'ALARM'],
    ['(ALARM("a") AND ALARM("b"))', 'OK'],
    ['(ALARM("a") AND ALARM("b")) OR (ALARM("a") AND ALARM("c"))', 'ALARM'],
    ['ALARM("a") AND NOT ALARM("c")', 'OK'],
    ['OK("b")', 'ALARM'],
  ])('%s', (text, expected) => {
    expect(compositeState(text, states)).toBe(expected);
  });

  it('needs alarms that are there', () => {
    expect(() => compositeState('ALARM("z")', states)).toThrow(/no alarm is called z/);
  });
});
