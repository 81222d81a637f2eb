import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costOf, type PriceTable, prices, resourcesOf } from '../../lib/cost/cost.ts';
import { restingQuantities } from '../../lib/cost/quantities.ts';
import { costDocument } from '../../lib/cost/text.ts';
import { cdkJson, changed, stage, stageNames } from './support/synthesize.ts';

const resources = Object.fromEntries(
  stageNames.map((name) => [name, resourcesOf(stage(name), cdkJson.context)] as const),
);
const cost = (name: string, rate: number, table?: PriceTable) =>
  costOf(stage(name), resources[name] ?? [], rate, table ?? prices);
const amount = (name: string, rate: number, what: string) =>
  cost(name, rate).lines.find((line) => line.what === what)?.amount;

describe('the cost of a stage', () => {
  it.each(stageNames)('%s has a price for everything that it makes', (name) => {
    expect(cost(name, 100).total).toBeGreaterThan(cost(name, 0).total);
  });

  it('follows what the stage says', () => {
    expect(amount('prod', 0, 'Kafka volumes')).toBe(3 * 500);
    expect(amount('prod', 0, 'PostgreSQL')).toBe(2 * 730);
    expect(amount('dev', 0, 'PostgreSQL')).toBe(730);
    const { cluster } = stage('dev');
    if (cluster.mode !== 'create') throw new Error('dev has its own cluster');
    const wider = changed('dev', { cluster: { ...cluster, volumeGiB: 90 } });
    const lines = costOf(wider, resourcesOf(wider, cdkJson.context), 0).lines;
    expect(lines.find(({ what }) => what === 'Kafka volumes')?.amount).toBe(3 * 90);
  });

  it('follows the table of prices', () => {
    const [secret] = Object.entries(prices.prices).flatMap(([name, price]) => (name === 'secret' ? [price] : []));
    if (secret === undefined) throw new Error('no price of a secret');
    const dearer = { ...prices, prices: { ...prices.prices, secret: { ...secret, usd: secret.usd + 1 } } };
    expect(cost('dev', 0, dearer).total - cost('dev', 0).total).toBeCloseTo(amount('dev', 0, 'Secrets') ?? 0);
  });

  it('says when a store will be full, and not at rest', () => {
    expect(cost('prod', 100).fillings.map(({ store }) => store)).toEqual(['Kafka', 'PostgreSQL', 'OpenSearch']);
    expect(cost('prod', 0).fillings.map(({ months }) => months)).toEqual([null, null, null]);
    expect(cost('prod', 1).fillings.find(({ store }) => store === 'Kafka')?.months).toBeNull();
  });

  it('is not said of a resource of which nobody said whether it costs, nor without a price', () => {
    expect(() => restingQuantities([{ Type: 'AWS::Redshift::Cluster' }])).toThrow('AWS::Redshift::Cluster: say in');
    expect(() => cost('dev', 0, { ...prices, prices: {} })).toThrow('add its price to lib/cost/prices.json');
  });
});

it('docs/cost.md is what the code says: npm run cost -- --write', () => {
  const costs = ['dev', 'prod'].flatMap((name) => [0, 100].map((rate) => cost(name, rate)));
  expect(readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')).toBe(costDocument(costs, prices));
});
