import { describe, expect, it } from 'vitest';
import { type Expected, examine, type Finding, type Observed } from '../../../bin/doctor/checks.ts';
import type { AnswerTo } from '../../../functions/operations/maintenance/answer.ts';
import { topicGroups } from '../../../lib/catalogue.ts';

const topics = topicGroups.flatMap((group) => group.topics.map(({ name }) => name));
const expected: Expected = {
  migrations: [{ name: '0001-ledger.sql', checksum: 'a' }],
  mappingHash: 'h',
  lagLimit: 100,
  outboxSeconds: 60,
};
const place = (lag: number, committed = 5) => ({
  group: 'survey',
  topic: 'nlj.survey.responses',
  partition: 3,
  committed,
  earliest: 0,
  end: committed + lag,
  lag,
});
const stores: AnswerTo<'inspect'> = {
  action: 'inspect',
  migrations: [{ number: 1, name: '0001-ledger.sql', checksum: 'a' }],
  generations: [{ generation: 1, state: 'live', mappingHash: 'h', templateHash: 'h' }],
  deadLetters: {},
  outbox: { waiting: 0, oldestSeconds: null },
};
const healthy: Observed = {
  stacks: [{ name: 'nlj-events-dev-pipeline', status: 'UPDATE_COMPLETE' }],
  mappings: topics.map((name) => ({ topics: [name], state: 'Enabled', lastResult: 'OK' })),
  caps: {},
  alarms: [{ name: 'nlj-events-dev-lag', state: 'OK', description: '' }],
  lag: { before: [place(3)], after: [place(2, 6)] },
  stores,
};

const not = (level: Finding['level'], findings: readonly Finding[]) => findings.filter((one) => one.level !== level);
const of = (change: Partial<Observed>) =>
  not('ok', examine({ ...healthy, ...change }, expected)).map(({ check, level }) => `${level} ${check}`);
const ofStores = (change: Partial<AnswerTo<'inspect'>>) => of({ stores: { ...stores, ...change } });

describe('the doctor', () => {
  it('finds nothing wrong with a healthy stage, and says what it saw', () => {
    const findings = examine(healthy, expected);
    expect(not('ok', findings)).toEqual([]);
    expect(findings).toHaveLength(1 + topics.length + 1 + 1 + 4 + 1);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['a stack that is missing', of({ stacks: [{ name: 's', status: null }] }), ['fail stack s']],
    ['a stack that failed', of({ stacks: [{ name: 's', status: 'UPDATE_ROLLBACK_FAILED' }] }), ['fail stack s']],
    ['a rolled back update', of({ stacks: [{ name: 's', status: 'UPDATE_ROLLBACK_COMPLETE' }] }), ['warn stack s']],
    ['a missing mapping', of({ mappings: healthy.mappings.slice(1) }), [`fail mapping ${topics[0]}`]],
    [
      'a paused mapping',
      of({ mappings: healthy.mappings.map((one, at) => (at === 0 ? { ...one, state: 'Disabled' } : one)) }),
      [`fail mapping ${topics[0]}`],
    ],
    [
      'a mapping with problems',
      of({ mappings: healthy.mappings.map((one, at) => (at === 0 ? { ...one, lastResult: 'PROBLEM: x' } : one)) }),
      [`fail mapping ${topics[0]}`],
    ],
    [
      'two mappings of one topic',
      of({ mappings: [...healthy.mappings, ...healthy.mappings.slice(0, 1)] }),
      [`fail mapping ${topics[0]}`],
    ],
    ['a function that is stopped', of({ caps: { survey: 0 } }), ['fail cap survey']],
    ['a function that is capped', of({ caps: { survey: 2 } }), ['warn cap survey']],
    [
      'a partition of which nothing is read',
      of({ lag: { before: [place(3)], after: [place(4)] } }),
      ['fail lag nlj.survey.responses/3'],
    ],
    [
      'a partition far behind',
      of({ lag: { before: [place(500)], after: [place(499, 6)] } }),
      ['fail lag nlj.survey.responses/3'],
    ],
    ['a function that does not answer', of({ lag: 'no', stores: 'no' }), ['fail lag', 'fail stores']],
    ['a migration that is missing', ofStores({ migrations: [] }), ['fail migrations']],
    [
      'a migration that was changed',
      ofStores({ migrations: [{ number: 1, name: '0001-ledger.sql', checksum: 'b' }] }),
      ['fail migrations'],
    ],
    [
      'a newer release',
      ofStores({ migrations: [...stores.migrations, { number: 2, name: '0002-x.sql', checksum: 'c' }] }),
      ['warn migrations'],
    ],
    ['no live generation', ofStores({ generations: [] }), ['fail index']],
    [
      'a template of another release',
      ofStores({ generations: [{ generation: 1, state: 'live', mappingHash: 'h', templateHash: 'o' }] }),
      ['fail index generation 1 (live)'],
    ],
    [
      'a template that is missing',
      ofStores({ generations: [{ generation: 1, state: 'live', mappingHash: 'h', templateHash: null }] }),
      ['fail index generation 1 (live)'],
    ],
    [
      'a generation that is being replaced',
      ofStores({ generations: [{ generation: 1, state: 'live', mappingHash: 'o', templateHash: 'h' }] }),
      ['warn index generation 1 (live)'],
    ],
    [
      'dead letters',
      ofStores({ deadLetters: { invalid: 2, exhausted: 1 } }),
      ['warn dead letters invalid', 'fail dead letters exhausted'],
    ],
    ['an old announcement', ofStores({ outbox: { waiting: 1, oldestSeconds: 61 } }), ['fail outbox']],
    [
      'an alarm that wakes somebody',
      of({ alarms: [{ name: 'a', state: 'ALARM', description: '[page] It is down.' }] }),
      ['fail alarm a'],
    ],
    [
      'an alarm that wakes nobody',
      of({ alarms: [{ name: 'a', state: 'ALARM', description: '[ticket] Nothing comes.' }] }),
      ['warn alarm a'],
    ],
    ['no alarms at all', of({ alarms: [] }), ['warn alarms']],
  ])('sees %s', (_, found, meant) => {
    expect(found).toEqual(meant);
  });

  it('takes a partition that was read meanwhile, or filled meanwhile, for none that is stuck', () => {
    expect(of({ lag: { before: [place(3)], after: [place(3, 6)] } })).toEqual([]);
    expect(of({ lag: { before: [place(0)], after: [place(1)] } })).toEqual([]);
  });
});
