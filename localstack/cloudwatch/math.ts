import { type Expression, type Operator, parseExpression } from './expression.ts';

/** Points by the second at which their period begins. A period without data has none. */
export type Series = ReadonlyMap<number, number>;

type Value = number | Series | readonly Series[];

/**
 * Works out metric math over recorded points: the functions and the treatment of missing points that this project's alarms
 * and dashboards use, as CloudWatch documents them.
 * @throws Error naming a function or metric that is not known.
 */
export function evaluateMath(text: string, metrics: ReadonlyMap<string, Series>): Series {
  const value = evaluate(parseExpression(text), metrics);
  if (typeof value === 'number') throw new Error(`Metric math: ${text} is a number, not a series`);
  if (isList(value)) throw new Error(`Metric math: ${text} is a list of series`);
  return value;
}

function isList(value: Value): value is readonly Series[] {
  return Array.isArray(value);
}

function evaluate(expression: Expression, metrics: ReadonlyMap<string, Series>): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name': {
      const found = metrics.get(expression.name);
      if (found === undefined) throw new Error(`Metric math: no metric is called ${expression.name}`);
      return found;
    }
    case 'list':
      return expression.items.map((item) => seriesOf(evaluate(item, metrics)));
    case 'operation': {
      const { operator, left, right } = expression;
      return pointwise([evaluate(left, metrics), evaluate(right, metrics)], ([one, other]) =>
        operate(operator, one ?? Number.NaN, other ?? Number.NaN),
      );
    }
    case 'call': {
      const called = functions[expression.name];
      if (called === undefined) throw new Error(`Metric math: ${expression.name} is not supported here`);
      return called(expression.parameters.map((parameter) => evaluate(parameter, metrics)));
    }
  }
}

function seriesOf(value: Value | undefined): Series {
  if (value === undefined || typeof value === 'number' || isList(value)) {
    throw new Error('Metric math: a series is needed here');
  }
  return value;
}

/** At each time at which every series has a point; a result that is no number is no point. */
function pointwise(values: readonly Value[], combine: (values: readonly number[]) => number): Value {
  const series = values.filter((value): value is Series => typeof value !== 'number' && !isList(value));
  const at = (time: number | null) =>
    values.map((value) => (typeof value === 'number' ? value : time === null ? undefined : seriesOf(value).get(time)));
  const complete = (list: readonly (number | undefined)[]): list is readonly number[] => !list.includes(undefined);
  const [first, ...others] = series;
  if (first === undefined) {
    const list = at(null);
    return complete(list) ? combine(list) : Number.NaN;
  }
  const result = new Map<number, number>();
  for (const time of first.keys()) {
    if (!others.every((other) => other.has(time))) continue;
    const list = at(time);
    if (!complete(list)) continue;
    const value = combine(list);
    if (Number.isFinite(value)) result.set(time, value);
  }
  return result;
}

function operate(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case 'AND':
      return Number(left !== 0 && right !== 0);
    case 'OR':
      return Number(left !== 0 || right !== 0);
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    case '>':
      return Number(left > right);
    case '>=':
      return Number(left >= right);
  }
}

/** Over the series of a list at each time, of those that have a point there. */
function across(value: Value | undefined, combine: (values: readonly number[]) => number): Series {
  if (value === undefined || !isList(value)) throw new Error('Metric math: a list of series is needed here');
  const times = [...new Set(value.flatMap((series) => [...series.keys()]))].sort((one, other) => one - other);
  return new Map(
    times.map((time) => [
      time,
      combine(value.map((series) => series.get(time)).filter((point) => point !== undefined)),
    ]),
  );
}

function map(value: Value | undefined, change: (time: number, value: number) => number): Series {
  return new Map([...seriesOf(value)].map(([time, point]) => [time, change(time, point)]));
}

const functions: Readonly<Record<string, (parameters: readonly Value[]) => Value>> = {
  /** The condition's points decide at which times there is a result. */
  IF: ([condition = 0, then = 0, otherwise = 0]) => {
    if (typeof condition === 'number') return condition === 0 ? otherwise : then;
    const result = new Map<number, number>();
    for (const [time, holds] of seriesOf(condition)) {
      const chosen = holds === 0 ? otherwise : then;
      const value = typeof chosen === 'number' ? chosen : seriesOf(chosen).get(time);
      if (value !== undefined) result.set(time, value);
    }
    return result;
  },
  SUM: ([list]) => across(list, (values) => values.reduce((sum, value) => sum + value, 0)),
  MAX: ([list]) => across(list, (values) => Math.max(...values)),
  /** Difference from the point before it. */
  DIFF: ([series]) => {
    const points = [...seriesOf(series)].sort(([one], [other]) => one - other);
    return new Map(
      points.flatMap(([time, value], position) => {
        const before = points[position - 1];
        return before === undefined ? [] : [[time, value - before[1]] as const];
      }),
    );
  },
  /** 1 is Monday, as in CloudWatch. */
  DAY: ([series]) => map(series, (time) => ((new Date(time * 1_000).getUTCDay() + 6) % 7) + 1),
  HOUR: ([series]) => map(series, (time) => new Date(time * 1_000).getUTCHours()),
};
