import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { functionName } from '../../lib/catalogue.ts';
import { limits } from './bench.ts';
import type { Drill } from './drill.ts';

const topic = 'nlj.activities.reviews';
const group = 'content';
const records = 20;
/** As many as dev's, so that no record is given up while an alarm is waited for. */
const manyRetries = 10_000;

/** Drills on functions that throw or are not run. */
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
];
