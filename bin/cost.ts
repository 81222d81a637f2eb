import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { costOf, prices, resourcesOf } from '../lib/cost/cost.ts';
import { costDocument, costText } from '../lib/cost/text.ts';
import { loadStage } from '../lib/stage/index.ts';
import { runProgram, wholeNumber } from './command-line.ts';

interface Options {
  readonly stage: string;
  readonly rate: number;
  readonly json?: true;
  readonly write?: true;
}

/** What `docs/cost.md` shows. */
const documented = ['dev', 'prod'];
const documentedRates = [0, 100];

const root = (path: string) => new URL(`../${path}`, import.meta.url);

const program = new Command('cost')
  .description('What a stage costs in a month, from its templates and lib/cost/prices.json; needs no account.')
  .option('--stage <name>', 'stage', 'dev')
  .option('--rate <events>', 'statements per second, around the clock', wholeNumber, 0)
  .option('--json', 'print it as JSON')
  .option('--write', 'write docs/cost.md instead')
  .action(async ({ stage, rate, json, write }: Options) => {
    const { context } = z
      .object({ context: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(await readFile(root('cdk.json'), 'utf8')));
    const costs = (name: string, rates: readonly number[]) => {
      const configuration = loadStage(name, () => undefined);
      const resources = resourcesOf(configuration, context);
      return rates.map((each) => costOf(configuration, resources, each));
    };
    if (write === true) {
      const all = documented.flatMap((name) => costs(name, documentedRates));
      await writeFile(root('docs/cost.md'), costDocument(all, prices));
      return;
    }
    for (const cost of costs(stage, [rate])) {
      console.log(json === true ? JSON.stringify(cost, null, 2) : `${costText(cost)}\n\n${prices.note}`);
    }
  });

await runProgram(program);
