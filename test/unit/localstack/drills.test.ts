import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drills } from '../../../localstack/drills/catalogue.ts';
import { runbookKinds } from '../../../localstack/drills/commands.ts';
import { commandsIn, filled, readRunbook, runbookFile } from '../../../localstack/drills/runbook.ts';

const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
/** What is known of any environment. */
const places = { stage: 'local', index: 'http://127.0.0.1:19200', domain: 'nlj-events-local' };
const kinds = await runbookKinds();

describe('the commands of a runbook', () => {
  const text = [
    '# A thing fails',
    '## First look',
    '```sh',
    '# a remark',
    'aws lambda list-functions \\',
    '  --output table',
    'npm run dlq -- list --stage <stage>',
    '```',
    'Some words and `a command inline`.',
    '```sql',
    "select count(*) from statement where stored < now() and id <> '<id>';",
    'select 1;',
    '```',
    '## Remedy',
    '```sh',
    '# on AWS only: the cluster is MSK',
    'aws kafka list-clusters-v2',
    '```',
    '',
  ].join('\n');

  it('are read line by line, SQL by semicolons, each with its section and what it needs', () => {
    expect(commandsIn(text).map(({ section, language, text: command }) => [section, language, command])).toEqual([
      ['First look', 'sh', 'aws lambda list-functions \\\n  --output table'],
      ['First look', 'sh', 'npm run dlq -- list --stage <stage>'],
      ['First look', 'sql', "select count(*) from statement where stored < now() and id <> '<id>'"],
      ['First look', 'sql', 'select 1'],
      ['Remedy', 'sh', 'aws kafka list-clusters-v2'],
    ]);
    expect(commandsIn(text).map(({ awsOnly }) => awsOnly)).toEqual([null, null, null, null, 'the cluster is MSK']);
  });

  it('are filled in, or of another case where a value is missing', () => {
    const [, list, rows] = commandsIn(text);
    if (list === undefined || rows === undefined) throw new Error('not read');
    expect(filled(list, { stage: 'local' })).toBe('npm run dlq -- list --stage local');
    expect(filled(rows, { stage: 'local' })).toBeNull();
  });
});

describe.each(kinds)('the runbook %s', (kind) => {
  const markdown = readFileSync(runbookFile(kind), 'utf8');

  it('has commands that a shell of ours knows: npm scripts, the AWS CLI, requests to the index, SQL', () => {
    const blocks = [...markdown.matchAll(/^```\w+$/gm)].length;
    expect([...markdown.matchAll(/^```(?:sh|sql)$/gm)].length, 'of another language').toBe(blocks);
    expect(commandsIn(markdown).length).toBeGreaterThanOrEqual(blocks);
    for (const { language, text } of commandsIn(markdown)) {
      if (language === 'sql') expect(text).toMatch(/^(select|vacuum) /);
      else expect(text.replace(/^echo '[^']*' \| /, '')).toMatch(/^(npm run |aws |curl -s '<index>\/)/);
      const script = /^npm run (?:--silent )?([\w:-]+)/.exec(text)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
    }
  });
});

describe.each(drills.map((drill) => [drill.name, drill] as const))('the drill %s', (_name, drill) => {
  it('has a runbook with commands that run here, to look and to verify', async () => {
    expect(kinds).toContain(drill.runbook);
    const local = (await readRunbook(drill.runbook)).filter(({ awsOnly }) => awsOnly === null);
    expect(local.map(({ section }) => section)).toEqual(expect.arrayContaining(['First look', 'Verify']));
    const looks = local.filter(({ section }) => section === 'First look');
    expect(looks.some((command) => filled(command, { ...places, ...drill.values }) !== null)).toBe(true);
  });

  it('is noticed by an alarm of its runbook', () => {
    expect(drill.alarms[0]).toMatch(new RegExp(`^${drill.runbook}(-|$)`));
  });
});

it('there is a drill of each thing that breaks by itself, and the names are unique', () => {
  const names = drills.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([
      'index-down',
      'database-down',
      'poison',
      'consumer-stopped',
      'outbox-stuck',
      'drift',
      'given-up',
      'destination-failing',
      'function-failing',
      'function-throttled',
      'index-red',
    ]),
  );
  expect(scripts['test:full']).toContain('npm run drill -- --all');
});
