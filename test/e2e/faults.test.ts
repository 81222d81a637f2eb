import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../../localstack/faults/catalogue.ts';
import { openObserver } from '../../localstack/faults/observer.ts';
import { expectationOf, type Runner, runSchedule } from '../../localstack/faults/run.ts';
import { plainSchedule } from '../../localstack/faults/schedule.ts';
import { openStage } from '../../localstack/faults/stage.ts';

/** Ports of this environment, apart from those of `npm start` and of the other end-to-end tests. */
const portOffset = Number(process.env['NLJ_TEST_PORT_OFFSET'] ?? 400) + 50;

/** Faults that are played in one run, soon after one another: the environment settles once for all of them. */
const together = 6;

const runs = Array.from({ length: Math.ceil(faults.length / together) }, (_, number) => {
  const run = faults.slice(number * together, (number + 1) * together);
  return { number, run, title: run.map(({ name }) => name).join(', ') };
});

describe('each fault once', () => {
  let runner: Runner;
  beforeAll(async () => {
    const stage = await openStage({ portOffset, progress: (line) => console.log(line) });
    runner = { stage, observer: openObserver(stage), sent: [] };
  });
  afterAll(async () => {
    runner.observer.close();
    await runner.stage.close();
  });

  it.each(runs)('loses nothing, and counts nothing twice: $title', async ({ number, run }) => {
    const planned = run.map(({ name, seconds }) => ({ name, seconds: seconds.short }));
    const schedule = plainSchedule(planned, { seed: 7_000 + number, records: 300 });
    // With `mustHit` a fault that took no effect is a violation.
    const result = await runSchedule(runner, schedule, { mustHit: true });
    expect(result.violations).toEqual([]);
    expect(result).toMatchObject({ lost: 0, doubleCounted: 0, inTwoPlaces: 0 });
    expect(result.records).toBeGreaterThanOrEqual(300);
  });

  it('has every record in one place, when Kafka is read once more from its start', async () => {
    const { violations, records } = await runner.observer.checkEverything(expectationOf(runner.sent));
    expect(violations).toEqual([]);
    expect(records).toBeGreaterThan(300 * runs.length);
  });
});
