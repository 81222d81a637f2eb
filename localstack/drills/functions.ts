import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import pg from 'pg';
import { functionName } from '../../lib/catalogue.ts';
import { type Bench, limits } from './bench.ts';
import { type Drill, readValue } from './drill.ts';

const topic = 'nlj.activities.reviews';
const group = 'content';
const records = 20;
/** As many as dev's, so that no record is given up while an alarm is waited for. */
const manyRetries = 10_000;

/** Drills on functions that throw, are not run, or take too long. */
export const functionDrills: readonly Drill[] = [
  {
    name: 'function-failing',
    says: 'somebody has taken a right from the role that functions connect as',
    runbook: 'function-failing',
    alarms: [`function-failing-${group}`, `stuck-partition-${topic}`],
    tells: /ConfigurationError/,
    values: { function: group, group },
    also: ['stuck-partition', 'records-waiting'],
    async open(bench) {
      await bench.changeMapping(topic, { retries: manyRetries });
      await bench.pool.query('revoke all on table statement from nlj_app');
      await bench.sendGood(topic, records);
      return {
        did: `all rights on the table statement revoked from nlj_app, then ${records} records sent to ${topic}`,
        mend: null,
        async undo() {
          await bench.pool.query('grant select, insert, update, delete on table statement to nlj_app');
        },
        after: () => bench.changeMapping(topic, { retries: limits.maximumRetryAttempts }),
      };
    },
  },
  {
    name: 'function-throttled',
    says: 'somebody has capped a function at nothing',
    runbook: 'function-throttled',
    alarms: [`function-throttled-${group}`, `stuck-partition-${topic}`],
    tells: /"ReservedConcurrentExecutions": 0/,
    values: { function: group, group },
    also: ['stuck-partition', 'nothing-arriving'],
    async open({ description, lambda, sendGood, shell }) {
      await lambda.send(
        new PutFunctionConcurrencyCommand({
          FunctionName: functionName(description.stage, group),
          ReservedConcurrentExecutions: 0,
        }),
      );
      await sendGood(topic, records);
      return {
        did: `the function ${group} capped at 0, then ${records} records sent to ${topic}`,
        mend: null,
        undo: async () => void (await shell({ language: 'sh' }, `npm run ops -- uncap ${group}`)),
      };
    },
  },
  {
    name: 'near-timeout',
    says: 'a forgotten session holds a lock that a function waits for',
    runbook: 'near-timeout',
    alarms: [`near-timeout-${group}`],
    tells: /blocked_by \d+/,
    values: { group },
    async open(bench) {
      await bench.changeMapping(topic, { retries: manyRetries });
      const session = await openLock(bench);
      await bench.sendGood(topic, records);
      return {
        did: `a session has locked the table statement and gone idle, then ${records} records sent to ${topic}`,
        read: (look) => readValue('pid', /blocked_by (\d+)/, look),
        mend: null,
        undo: () => session.end(),
        after: () => bench.changeMapping(topic, { retries: limits.maximumRetryAttempts }),
      };
    },
  },
];

/** A session with a lock that nobody passes; it may be ended from outside. */
async function openLock({ description }: Bench): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: description.endpoints.postgres });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query('lock table statement in access exclusive mode');
  return client;
}
