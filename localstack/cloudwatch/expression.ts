/** Metric math as text, read into a tree. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Operator = 'OR' | 'AND' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/';

/** Operators that bind alike, the weakest first. */
const levels: readonly (readonly Operator[])[] = [
  ['OR'],
  ['AND'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
];

const token = /\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_]\w*|==|!=|<=|>=|[-+*/<>()[\],])/y;

/** @throws Error naming where it cannot be read. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = () => tokens[at];
  const take = (expected?: string): string => {
    const found = tokens[at];
    if (found === undefined || (expected !== undefined && found !== expected)) {
      throw new Error(`Metric math: ${expected ?? 'more'} expected after ${tokens.slice(0, at).join(' ')}`);
    }
    at += 1;
    return found;
  };
  const listUntil = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (peek() !== end) {
      items.push(level(0));
      if (peek() === ',') take(',');
    }
    take(end);
    return items;
  };
  const primary = (): Expression => {
    const found = take();
    if (found === '(') {
      const inner = level(0);
      take(')');
      return inner;
    }
    if (found === '[') return { kind: 'list', items: listUntil(']') };
    if (found === '-') {
      return { kind: 'operation', operator: '-', left: { kind: 'number', value: 0 }, right: primary() };
    }
    if (/^\d/.test(found)) return { kind: 'number', value: Number(found) };
    if (peek() === '(') {
      take('(');
      return { kind: 'call', name: found, parameters: listUntil(')') };
    }
    return { kind: 'name', name: found };
  };
  const level = (depth: number): Expression => {
    const operators = levels[depth];
    if (operators === undefined) return primary();
    let left = level(depth + 1);
    for (;;) {
      const operator = operators.find((candidate) => candidate === peek());
      if (operator === undefined) return left;
      take();
      left = { kind: 'operation', operator, left, right: level(depth + 1) };
    }
  };
  const whole = level(0);
  if (peek() !== undefined) throw new Error(`Metric math: ${peek()} not expected in ${text}`);
  return whole;
}

function tokensOf(text: string): readonly string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (match?.[1] === undefined) throw new Error(`Metric math: cannot read ${text.slice(from)}`);
    found.push(match[1]);
  }
  return found;
}
