import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { z } from 'zod';
import { stageStacks } from '../stacks/stage-stacks.ts';
import type { StageConfiguration } from '../stage/schema.ts';
import { type Quantity, restingQuantities, type TemplateResource } from './quantities.ts';
import { type Filling, fillings, usageQuantities } from './usage.ts';

const priceTable = z.object({
  region: z.string(),
  note: z.string(),
  prices: z.record(
    z.string(),
    z.object({ usd: z.number().nonnegative(), per: z.string(), date: z.iso.date(), source: z.url() }),
  ),
});
export type PriceTable = z.infer<typeof priceTable>;

/** The table of prices that is kept beside this file. */
export const prices: PriceTable = priceTable.parse(
  JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')),
);

/** A line of a month's bill, USD. */
export interface CostLine extends Quantity {
  readonly per: string;
  readonly usd: number;
}

export interface Cost {
  readonly stage: string;
  readonly rate: number;
  readonly lines: readonly CostLine[];
  readonly total: number;
  readonly fillings: readonly Filling[];
}

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** The resources that a stage's templates make. */
export function resourcesOf(stage: StageConfiguration, context: Readonly<Record<string, unknown>>): TemplateResource[] {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  stageStacks(app, stage);
  return app.synth().stacks.flatMap((stack) => Object.values(template.parse(stack.template).Resources));
}

/** What a stage costs in a month. @throws Error naming a price that is not in the table. */
export function costOf(
  stage: StageConfiguration,
  resources: readonly TemplateResource[],
  rate: number,
  table: PriceTable = prices,
): Cost {
  const lines = [...restingQuantities(resources), ...usageQuantities(stage, resources, rate)]
    .filter(({ amount }) => amount > 0)
    .map((quantity): CostLine => {
      const price = table.prices[quantity.price];
      if (price === undefined) throw new Error(`${quantity.price}: add its price to lib/cost/prices.json`);
      return { ...quantity, per: price.per, usd: price.usd * quantity.amount };
    });
  const total = lines.reduce((sum, { usd }) => sum + usd, 0);
  return { stage: stage.stage, rate, lines, total, fillings: fillings(stage, rate) };
}
