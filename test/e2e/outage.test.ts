import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateMessages } from '../../localstack/workload/generator.ts';
import { batchLines } from './support/function-logs.ts';
import { withServerFrozen } from './support/processes.ts';
import { openRun, type Run } from './support/run.ts';

const count = 1_500;

describe('a store that stands still while statements flow', () => {
  let run: Run;
  beforeAll(async () => {
    run = await openRun();
  });
  afterAll(() => run.close());

  it.each([
    ['postgres', 301],
    ['opensearch', 302],
  ] as const)('costs time and no record: %s', async (server, seed) => {
    const messages = [...generateMessages({ seed, count, badPerMille: 20, duplicatesPerMille: 20 })];
    await withServerFrozen(run.environment, server, async () => {
      await run.sender.send(messages);
      await sleep(20_000);
    });
    const table = await run.settled();
    expect(table.complete, JSON.stringify(table)).toBe(true);
  });

  it('was waited for within the invocations: none of the mappings spent an attempt on it', async () => {
    const groups = ['survey', 'learning'];
    const lines = (await Promise.all(groups.map((group) => batchLines(run.environment, group)))).flat();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(({ retried }) => retried > 0)).toEqual([]);
  });
});
