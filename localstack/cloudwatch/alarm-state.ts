import { evaluateMath, type Series } from './math.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A metric that an alarm asks for. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
}

/** What an alarm looks at: a metric, or metric math over some. */
export type AlarmInput =
  | { readonly kind: 'metric'; readonly query: MetricQuery }
  | {
      readonly kind: 'math';
      readonly expression: string;
      readonly period: number;
      readonly metrics: ReadonlyMap<string, MetricQuery>;
    };

export interface AlarmRule {
  readonly name: string;
  readonly input: AlarmInput;
  readonly comparison: string;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missing: string;
}

/** Recorded points of a metric from a time on, up to another; seconds. */
export type ReadMetric = (query: MetricQuery, from: number, to: number) => Promise<Series>;

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** CloudWatch looks a little further back than an alarm's periods, for points in place of missing ones. */
const furtherPeriods = 2;

/** Windows move on once a minute, those of shorter periods with their period. Seconds. */
const longestStep = 60;

/** The points that an alarm sees at a time, in seconds. */
export async function pointsOf(
  { input, evaluationPeriods }: AlarmRule,
  read: ReadMetric,
  now: number,
): Promise<Series> {
  const period = input.kind === 'metric' ? input.query.period : input.period;
  const step = Math.min(period, longestStep);
  const to = Math.floor(now / step) * step + step;
  const from = to - (evaluationPeriods + furtherPeriods) * period;
  if (input.kind === 'metric') return read(input.query, from, to);
  const series = new Map<string, Series>();
  for (const [id, query] of input.metrics) series.set(id, await read({ ...query, period }, from, to));
  return evaluateMath(input.expression, series);
}

/**
 * The state of an alarm for the points that it sees: M of the last N, missing ones as the alarm says.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function stateOf(rule: Omit<AlarmRule, 'input' | 'name'>, points: Series): AlarmState {
  const breaches = comparisons[rule.comparison];
  if (breaches === undefined) throw new Error(`${rule.comparison} is not supported here`);
  const recent = [...points]
    .sort(([one], [other]) => other - one)
    .slice(0, rule.evaluationPeriods)
    .map(([, value]) => breaches(value, rule.threshold));
  const absent = rule.evaluationPeriods - recent.length;
  if (recent.length === 0 && rule.missing === 'missing') return 'INSUFFICIENT_DATA';
  const breaching = recent.filter((breach) => breach).length + (rule.missing === 'breaching' ? absent : 0);
  return breaching >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
}

const ruleToken = /\s*(ALARM|OK|INSUFFICIENT_DATA|AND|OR|NOT|TRUE|FALSE|[()]|"[^"]*")/y;

/**
 * The state of a composite: whether its rule holds.
 * @param states states by name; a rule names alarms by name or ARN.
 * @throws Error if the rule cannot be read or names an alarm that is not there.
 */
export function compositeState(rule: string, states: ReadonlyMap<string, AlarmState>): AlarmState {
  const tokens: string[] = [];
  ruleToken.lastIndex = 0;
  while (ruleToken.lastIndex < rule.trimEnd().length) {
    const match = ruleToken.exec(rule);
    if (match?.[1] === undefined) throw new Error(`Alarm rule: cannot read ${rule}`);
    tokens.push(match[1]);
  }
  let at = 0;
  const take = () => tokens[at++];
  const either = (): boolean => {
    let holds = both();
    while (tokens[at] === 'OR') {
      take();
      const other = both();
      holds = holds || other;
    }
    return holds;
  };
  const both = (): boolean => {
    let holds = single();
    while (tokens[at] === 'AND') {
      take();
      const other = single();
      holds = holds && other;
    }
    return holds;
  };
  const single = (): boolean => {
    const found = take();
    if (found === 'NOT') return !single();
    if (found === 'TRUE' || found === 'FALSE') return found === 'TRUE';
    if (found === '(') {
      const holds = either();
      take();
      return holds;
    }
    take();
    const name = (take() ?? '').slice(1, -1).replace(/^arn:.*:alarm:/, '');
    take();
    const state = states.get(name);
    if (state === undefined) throw new Error(`Alarm rule: no alarm is called ${name}`);
    return state === found;
  };
  return either() ? 'ALARM' : 'OK';
}
