import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { topicsMeant } from '../../../bin/ops/target.ts';
import { lagText, statusText } from '../../../bin/ops/text.ts';

const program = fileURLToPath(new URL('../../../bin/ops.ts', import.meta.url));

describe('npm run ops', () => {
  it('takes a topic, a group or all', () => {
    expect(topicsMeant('xapi-events')).toEqual(['xapi-events']);
    expect(topicsMeant('content')).toEqual(['nlj.content.generation', 'nlj.activities.reviews']);
    expect(topicsMeant('all')).toHaveLength(11);
    expect(() => topicsMeant('nlj.training.outcomes')).toThrow(/is no topic and no group. Groups: survey,/);
  });

  it.each([
    [['pause', 'nope', '--yes'], /^error: "nope" is no topic and no group/],
    [['cap', 'survey', 'many'], /whole number/],
    [['reset-group', 'all'], /required option '--to/],
    [['reset-group', 'all', '--to', 'yesterday'], /a time such as/],
  ])('%j says what is wrong', (words, message) => {
    const { status, stderr } = spawnSync(process.execPath, [program, ...words, '--endpoint', 'http://127.0.0.1:1'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('prints tables', () => {
    const status = { topic: 't', group: 'g', state: 'Enabled', lastResult: '-', cap: null, lag: 3 };
    expect(statusText([status, { ...status, cap: 0 }])).toMatch(/│ t +│ g +│ Enabled +│ - +│ - +│ 3 +│/);
    const place = { group: 'g', topic: 't', partition: 0, committed: null, earliest: 0, end: 4, lag: 4 };
    const lag = lagText([place, { ...place, partition: 1, committed: 1, lag: 3 }]);
    expect(lag).toMatch(/│ t +│ 0 +│ - +│ 4 +│ 4 +│/);
    expect(lag).toMatch(/\n7 records wait$/);
  });
});
