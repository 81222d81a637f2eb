import { assumptions } from './assumptions.ts';
import type { Cost, PriceTable } from './cost.ts';

const number = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

function pad(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** One stage at one rate, as text. */
export function costText({ stage, rate, lines, total, fillings }: Cost): string {
  const rows = [
    ['what', 'amount', 'of', 'USD'],
    ...lines.map(({ what, amount, per, usd }) => [what, number(amount, amount < 10 ? 2 : 0), per, number(usd, 2)]),
    ['a month', '', '', number(total, 2)],
  ];
  const notes = fillings.flatMap(({ store, capacityGb, months, remedy }) =>
    months === null
      ? []
      : [`${store} is full after ${number(months, 1)} months: ${number(capacityGb, 0)} GB at the most; ${remedy}`],
  );
  const heading = rate === 0 ? `${stage} at rest` : `${stage} at ${rate} events per second`;
  return [heading, '', ...pad(rows, [1, 3]), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

/** `docs/cost.md`. */
export function costDocument(costs: readonly Cost[], { region, note, prices }: PriceTable): string {
  const dates = [...new Set(Object.values(prices).map(({ date }) => date))].sort();
  return [
    '# Cost',
    '',
    'Written by `npm run cost -- --write`: quantities come from the synthesised templates and the stage files, prices from',
    '[`lib/cost/prices.json`](../lib/cost/prices.json) (source and date with each; edit them there), traffic from [`lib/cost/assumptions.ts`](../lib/cost/assumptions.ts).',
    'A billed resource type without a rule, or a price that is missing, fails the script.',
    '',
    `Region ${region}; prices of ${dates.join(', ')}. ${note} Not counted: support, backups beyond the size of the database, what leaves AWS, requests to keys and secrets, bytes through endpoints, kept logs.`,
    '',
    ...costs.map(
      ({ stage, rate, total }) =>
        `- ${stage}, ${rate === 0 ? 'at rest' : `${rate} events per second`}: USD ${number(total, 0)} a month`,
    ),
    '',
    ...costs.flatMap((cost) => ['```', costText(cost), '```', '']),
    'Assumed:',
    '',
    '```json',
    JSON.stringify(assumptions, null, 2),
    '```',
    '',
  ].join('\n');
}
