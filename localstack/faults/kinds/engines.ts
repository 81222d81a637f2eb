import type { Engine } from '../../engines/index.ts';
import type { Fault } from '../fault.ts';
import { createValve } from '../proxy/valve.ts';
import { timeScale } from '../stage.ts';
import { atMoment } from './moments.ts';

/** A quarter of an hour, scaled: more than three times what a function waits. */
const quarterHour = (15 * 60) / timeScale;

/** Longer than what a function waits for a store (270 s, scaled: 9 s). */
const beyondBudget = 14;

export const engineFaults: readonly Fault[] = [
  {
    name: 'outage-15-minutes-scaled',
    does: `PostgreSQL is down for ${quarterHour} s: 15 minutes at 1:${timeScale}, more than three times what a function waits`,
    seconds: { full: quarterHour, short: quarterHour },
    random: false,
    hold: 'postgres',
    begin: async ({ environment: { engines } }, hit) => {
      await engines.postgres.stop();
      hit();
      return () => startAgain(engines.postgres);
    },
  },
  {
    name: 'kafka-restart',
    does: 'the broker is stopped in order and started again',
    seconds: { full: 5, short: 1 },
    random: true,
    hold: 'kafka',
    begin: async ({ environment: { engines } }, hit) => {
      await engines.kafka.stop();
      hit();
      return () => startAgain(engines.kafka);
    },
  },
  {
    name: 'kafka-killed',
    does: 'the broker is killed and started again',
    seconds: { full: 5, short: 1 },
    random: true,
    hold: 'kafka',
    begin: async ({ environment: { engines } }, hit) => {
      await engines.kafka.kill();
      hit();
      return () => startAgain(engines.kafka);
    },
  },
  {
    name: 'kafka-frozen',
    does: 'the broker stands still, connections stay open; beyond the session timeout in a full run',
    seconds: { full: 15, short: 3 },
    random: true,
    hold: 'kafka',
    begin: async ({ environment: { engines } }, hit) => {
      engines.kafka.pause();
      hit();
      return async () => engines.kafka.resume();
    },
  },
  {
    name: 'postgres-killed-in-batch',
    does: 'PostgreSQL is killed when a commit is on its way to it',
    seconds: { full: 5, short: 1 },
    random: true,
    hold: 'postgres',
    begin: async (stage, hit) => {
      const { postgres } = stage.environment.engines;
      const disarm = atMoment(stage, 'commit', 1, async () => {
        await postgres.kill();
        hit();
      });
      return async () => {
        await disarm();
        await startAgain(postgres);
      };
    },
  },
  {
    name: 'postgres-frozen-beyond-budget',
    does: 'PostgreSQL stands still for longer than a function waits for it',
    seconds: { full: beyondBudget, short: beyondBudget },
    random: false,
    hold: 'postgres',
    begin: async (stage, hit) => {
      const { postgres } = stage.environment.engines;
      const disarm = atMoment(stage, 'begin', 1, async () => {
        postgres.pause();
        hit();
      });
      return async () => {
        await disarm();
        postgres.resume();
      };
    },
  },
  {
    name: 'opensearch-killed-in-batch',
    does: 'OpenSearch is killed when a bulk request is on its way to it',
    seconds: { full: 5, short: 0.5 },
    random: false,
    hold: 'opensearch',
    begin: async (stage, hit) => {
      const { opensearch } = stage.environment.engines;
      const disarm = atMoment(stage, 'bulk', 1, async () => {
        await opensearch.kill();
        hit();
      });
      return async () => {
        await disarm();
        await startAgain(opensearch);
      };
    },
  },
  {
    name: 'opensearch-frozen-beyond-budget',
    does: 'OpenSearch stands still for longer than a function waits for it',
    seconds: { full: beyondBudget, short: beyondBudget },
    random: false,
    hold: 'opensearch',
    begin: async (stage, hit) => {
      const { opensearch } = stage.environment.engines;
      const disarm = atMoment(stage, 'bulk', 1, async () => {
        opensearch.pause();
        hit();
      });
      return async () => {
        await disarm();
        opensearch.resume();
      };
    },
  },
  {
    name: 'aws-unreachable',
    does: "S3 and Secrets Manager do not answer, then end the functions' connections",
    seconds: { full: 12, short: 2 },
    random: true,
    begin: async ({ aws }, hit) => {
      const valve = createValve();
      valve.close();
      const end = aws.use(async () => {
        hit();
        await valve.pass();
        return 'cut';
      });
      return async () => {
        end();
        valve.open();
      };
    },
  },
];

/** Starts an engine; once more where it was not ready in its time, as on a machine that is busy with other work. */
async function startAgain(engine: Engine): Promise<void> {
  await engine.start().catch(() => engine.start());
}
