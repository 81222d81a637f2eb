import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateMessages } from '../../localstack/workload/generator.ts';
import { eventSourcePid, functionPids } from './support/processes.ts';
import { openRun, type Run } from './support/run.ts';

const count = 20_000;

let run: Run;
beforeAll(async () => {
  run = await openRun();
});
afterAll(() => run.close());

it(`keeps ${count} statements, each once, while function processes and the event source are killed`, async () => {
  const messages = [...generateMessages({ seed: 77, count })];
  const ids = messages.map(({ value }) => String(JSON.parse(value?.toString() ?? '').id));
  const stored = async () => {
    const { rows } = await run.pool.query<{ count: string }>('select count(*) from statement where id = any($1)', [
      ids,
    ]);
    return Number(rows[0]?.count);
  };
  await run.sender.send(messages);

  let killed = 0;
  const kill = (pid: number) => {
    try {
      process.kill(pid, 'SIGKILL');
      killed += 1;
    } catch {
      // It had ended by itself.
    }
  };
  // In the middle: some are stored and some are not, before and after each kill.
  for (const share of [0.1, 0.3, 0.5]) {
    while ((await stored()) < count * share) await sleep(50);
    for (const pid of await functionPids(run.environment, /survey|learning/i)) kill(pid);
    if (share === 0.3) kill(await eventSourcePid(run.environment));
    expect(await stored()).toBeLessThan(count);
  }
  expect(killed).toBeGreaterThan(2);

  const table = await run.settled(240);
  expect(table.complete, JSON.stringify(table)).toBe(true);
  expect(await stored()).toBe(count);
  const documents = await run.indexed(ids);
  expect(new Set(documents).size).toBe(count);
  expect(documents).toHaveLength(count);
}, 300_000);
