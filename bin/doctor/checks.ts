import type { AnswerTo, PartitionLag } from '../../functions/operations/maintenance/answer.ts';
import { topicGroups } from '../../lib/catalogue.ts';

/** `warn`: worth a look; the stage works. */
export type Level = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly check: string;
  readonly level: Level;
  /** What was seen; for `warn` and `fail` also what to do. */
  readonly detail: string;
}

/** An alarm; its description begins with its severity. */
export interface ObservedAlarm {
  readonly name: string;
  readonly state: string;
  readonly description: string;
}

/** What was read of a stage; an error where it could not be. */
export interface Observed {
  readonly stacks: readonly { readonly name: string; readonly status: string | null }[];
  readonly mappings: readonly {
    readonly topics: readonly string[];
    readonly state: string;
    readonly lastResult: string;
  }[];
  /** Reserved concurrency of functions that have one. */
  readonly caps: Readonly<Record<string, number>>;
  readonly alarms: readonly ObservedAlarm[];
  /** Two looks at the groups, some seconds apart; the message of what the function threw. */
  readonly lag: { readonly before: readonly PartitionLag[]; readonly after: readonly PartitionLag[] } | string;
  readonly stores: AnswerTo<'inspect'> | string;
}

/** What the code that runs the doctor expects. */
export interface Expected {
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  readonly mappingHash: string;
  /** Records that may wait in one partition. */
  readonly lagLimit: number;
  /** Seconds that an announcement may wait. */
  readonly outboxSeconds: number;
}

/** Every check, in the order in which one would look. */
export function examine(observed: Observed, expected: Expected): Finding[] {
  return [
    ...stacks(observed),
    ...mappings(observed),
    ...caps(observed),
    ...lag(observed, expected),
    ...stores(observed, expected),
    ...alarms(observed),
  ];
}

const healthy = /^(CREATE|UPDATE)_COMPLETE$/;

function stacks(observed: Observed): Finding[] {
  return observed.stacks.map(({ name, status }) => {
    const check = `stack ${name}`;
    if (status === null) return { check, level: 'fail', detail: 'not there: npx cdk deploy --all -c stage=…' };
    if (healthy.test(status)) return { check, level: 'ok', detail: status };
    if (status === 'UPDATE_ROLLBACK_COMPLETE') {
      return { check, level: 'warn', detail: 'the last update was rolled back: the stack holds the release before it' };
    }
    return { check, level: 'fail', detail: `${status}: see its events in CloudFormation` };
  });
}

function mappings(observed: Observed): Finding[] {
  return topicGroups.flatMap((group) =>
    group.topics.map(({ name: topic }): Finding => {
      const check = `mapping ${topic}`;
      const found = observed.mappings.filter(({ topics }) => topics.includes(topic));
      const [mapping] = found;
      if (mapping === undefined) return { check, level: 'fail', detail: 'missing: deploy the pipeline stack' };
      if (found.length > 1)
        return { check, level: 'fail', detail: `${found.length} mappings read it: delete the foreign one` };
      if (mapping.state !== 'Enabled') {
        return { check, level: 'fail', detail: `${mapping.state}: npm run ops -- resume ${topic}` };
      }
      if (mapping.lastResult.startsWith('PROBLEM')) {
        return { check, level: 'fail', detail: `${mapping.lastResult}: look at the function's log` };
      }
      return { check, level: 'ok', detail: 'Enabled' };
    }),
  );
}

function caps(observed: Observed): Finding[] {
  const capped = Object.entries(observed.caps);
  if (capped.length === 0) return [{ check: 'caps', level: 'ok', detail: 'no function is capped' }];
  return capped.map(([name, cap]) => ({
    check: `cap ${name}`,
    level: cap === 0 ? 'fail' : 'warn',
    detail: `${cap === 0 ? 'stopped' : `at most ${cap} at once`}: npm run ops -- uncap ${name}`,
  }));
}

function lag(observed: Observed, { lagLimit }: Expected): Finding[] {
  const check = 'lag';
  if (typeof observed.lag === 'string') return [{ check, level: 'fail', detail: `cannot be seen: ${observed.lag}` }];
  const { before, after } = observed.lag;
  const total = after.reduce((sum, partition) => sum + partition.lag, 0);
  const findings = after.flatMap((partition): Finding[] => {
    const name = `${partition.topic}/${partition.partition}`;
    const earlier = before.find(
      ({ topic, partition: number }) => topic === partition.topic && number === partition.partition,
    );
    // Both looks must see records wait, or they came in between.
    const stuck = partition.lag > 0 && (earlier?.lag ?? 0) > 0 && earlier?.committed === partition.committed;
    if (stuck)
      return [{ check: `lag ${name}`, level: 'fail', detail: `${partition.lag} wait and none was read meanwhile` }];
    if (partition.lag > lagLimit) return [{ check: `lag ${name}`, level: 'fail', detail: `${partition.lag} wait` }];
    return [];
  });
  return findings.length > 0 ? findings : [{ check, level: 'ok', detail: `${total} records wait` }];
}

function stores({ stores: found }: Observed, expected: Expected): Finding[] {
  if (typeof found === 'string') {
    return [{ check: 'stores', level: 'fail', detail: `the maintenance function cannot see them: ${found}` }];
  }
  return [migrations(found, expected), ...index(found, expected), ...letters(found), outbox(found, expected)];
}

function migrations({ migrations: applied }: AnswerTo<'inspect'>, expected: Expected): Finding {
  const check = 'migrations';
  const missing = expected.migrations.filter(({ name }) => !applied.some((one) => one.name === name));
  const foreign = applied.filter((one) => !expected.migrations.some(({ name }) => name === one.name));
  const changed = applied.filter((one) =>
    expected.migrations.some(({ name, checksum }) => name === one.name && checksum !== one.checksum),
  );
  if (changed.length > 0) {
    return { check, level: 'fail', detail: `changed after they were applied: ${namesOf(changed)}: restore the files` };
  }
  if (missing.length > 0)
    return { check, level: 'fail', detail: `not applied: ${namesOf(missing)}: deploy this release` };
  if (foreign.length > 0) {
    return {
      check,
      level: 'warn',
      detail: `unknown to this checkout: ${namesOf(foreign)}: a newer release is deployed`,
    };
  }
  return { check, level: 'ok', detail: `${applied.length} applied, as in the code` };
}

const namesOf = (named: readonly { readonly name: string }[]): string => named.map(({ name }) => name).join(', ');

function index({ generations }: AnswerTo<'inspect'>, { mappingHash }: Expected): Finding[] {
  const live = generations.filter(({ state }) => state === 'live');
  const findings: Finding[] = [];
  if (live.length === 0)
    findings.push({ check: 'index', level: 'fail', detail: 'no live generation: run provisioning' });
  for (const { generation, state, mappingHash: begun, templateHash } of generations) {
    const check = `index generation ${generation} (${state})`;
    if (templateHash === null) {
      findings.push({ check, level: 'fail', detail: 'its index template is missing or of an older release: deploy' });
    } else if (templateHash !== mappingHash) {
      findings.push({ check, level: 'fail', detail: 'its template is of another release than this checkout: deploy' });
    } else if (begun !== mappingHash && state === 'live') {
      findings.push({
        check,
        level: 'warn',
        detail: 'begun with an older mapping: the rebuild that brings the new one goes on by schedule',
      });
    } else {
      findings.push({ check, level: 'ok', detail: `mapping ${mappingHash.slice(0, 12)}, as in the code` });
    }
  }
  return findings;
}

function letters({ deadLetters }: AnswerTo<'inspect'>): Finding[] {
  const waiting = Object.entries(deadLetters);
  if (waiting.length === 0) return [{ check: 'dead letters', level: 'ok', detail: 'none waits' }];
  return waiting.map(([name, count]) => ({
    check: `dead letters ${name}`,
    // What a mapping gave up is replayed by schedule once stores are healthy.
    level: name === 'exhausted' ? 'fail' : 'warn',
    detail: `${count} wait: npm run dlq -- list --class ${name}`,
  }));
}

function outbox({ outbox: { waiting, oldestSeconds } }: AnswerTo<'inspect'>, { outboxSeconds }: Expected): Finding {
  const check = 'outbox';
  const age = Math.round(oldestSeconds ?? 0);
  if (age > outboxSeconds) {
    return { check, level: 'fail', detail: `${waiting} wait, the oldest for ${age} s: look at the relay's log` };
  }
  return { check, level: 'ok', detail: waiting === 0 ? 'empty' : `${waiting} wait, the oldest for ${age} s` };
}

function alarms({ alarms: all }: Observed): Finding[] {
  const raised = all.filter(({ state }) => state === 'ALARM');
  if (raised.length > 0) {
    return raised.map(({ name, description }) => ({
      check: `alarm ${name}`,
      // What wakes nobody is no reason to stop a deployment: an idle stage has nothing arriving.
      level: description.startsWith('[page]') ? 'fail' : 'warn',
      detail: `in ALARM: ${description}`,
    }));
  }
  return [
    { check: 'alarms', level: all.length === 0 ? 'warn' : 'ok', detail: `${all.length} deployed, none in ALARM` },
  ];
}
