import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { functionName, topicGroups } from '../catalogue.ts';

/** A saved query of Logs Insights: which functions' logs it reads, and the query by lines. */
interface SavedQuery {
  readonly name: string;
  readonly functions: readonly string[];
  readonly lines: readonly string[];
}

const groups: readonly string[] = topicGroups.map(({ name }) => name);

export const savedQueries: readonly SavedQuery[] = [
  {
    name: 'batches-with-retries',
    functions: groups,
    lines: [
      "filter message = 'batch' and retried > 0",
      'fields @timestamp, service, received, retried, millis.ledger, millis.index, requestId',
      'sort @timestamp desc',
    ],
  },
  {
    name: 'slowest-batches',
    functions: groups,
    lines: [
      "filter message = 'batch'",
      'fields @timestamp, service, received, millis.decode, millis.upcast, millis.validate, millis.ledger, millis.index',
      'sort millis.ledger + millis.index desc',
      'limit 50',
    ],
  },
  {
    name: 'rejections',
    functions: groups,
    lines: [
      "filter message = 'batch' and (rejected.invalid > 0 or rejected.undecodable > 0 or rejected.conflict > 0 or rejected.rule > 0 or rejected.unstorable > 0)",
      'fields @timestamp, service, rejected.invalid, rejected.undecodable, rejected.conflict, rejected.rule, rejected.unstorable, requestId',
      'sort @timestamp desc',
    ],
  },
  {
    name: 'stores-down',
    functions: groups,
    lines: ["filter message = 'store is down'", 'stats count(*) as waits by store, service, bin(5m)'],
  },
  {
    name: 'errors',
    functions: [...groups, 'relay', 'maintenance', 'dead-letters', 'api', 'export', 'provision', 'rotate-secret'],
    lines: [
      "filter level in ['ERROR', 'error'] or type = 'platform.runtimeDone' and record.status != 'success'",
      'fields @timestamp, @log, @message',
      'sort @timestamp desc',
      'limit 100',
    ],
  },
  {
    name: 'slowest-requests',
    functions: ['api'],
    lines: [
      "filter message = 'request'",
      'stats count(*) as requests, pct(millis, 90) as nineOfTenWithin, max(millis) as slowest by route',
      'sort nineOfTenWithin desc',
    ],
  },
  {
    name: 'one-offset',
    functions: groups,
    lines: [
      '# put the partition in place of xapi-events-3: which batches had which of its offsets',
      "filter message = 'batch' and ispresent(`offsets.xapi-events-3`)",
      'fields @timestamp, `offsets.xapi-events-3` as range, accepted, duplicates, retried, requestId',
      'sort @timestamp desc',
    ],
  },
  {
    name: 'trace',
    functions: groups,
    lines: [
      '# put the trace id of a W3C traceparent header in place of the zeros; needs observability.traceHeaders',
      "filter message = 'batch' and @message like '00000000000000000000000000000000'",
      'fields @timestamp, service, offsets, requestId',
    ],
  },
  {
    name: 'what-waits',
    functions: ['maintenance'],
    lines: [
      "filter action = 'measure'",
      'fields @timestamp, database.outboxWaiting, database.outboxAge, database.deadLettersWaiting, database.documentsDue',
      'sort @timestamp desc',
    ],
  },
];

/** The queries, saved with the stage: the runbooks name them. */
export function saveQueries(scope: Construct, stage: string): void {
  for (const { name, functions, lines } of savedQueries) {
    new logs.CfnQueryDefinition(scope, `Query-${name}`, {
      name: `nlj-events/${stage}/${name}`,
      logGroupNames: functions.map((short) => `/aws/lambda/${functionName(stage, short)}`),
      queryString: lines
        .map((line, position) => (position === 0 || line.startsWith('#') ? line : `| ${line}`))
        .join('\n'),
    });
  }
}
