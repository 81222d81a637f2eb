import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { longestLine } from '../../../bin/validate/decode.ts';
import { linesOf } from '../../../bin/validate/lines.ts';
import { jsonLine } from '../../../bin/validate/report.ts';
import { verdictOn } from '../../../bin/validate/verdict.ts';
import { isJsonObject } from '../../../functions/core/xapi/index.ts';
import { topics } from '../../../functions/core/xapi/topics.ts';

// Each run starts a process.
vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('../../..', import.meta.url));
const good = '{"actor":{"mbox":"mailto:a@b.example"},"verb":{"id":"a:b"},"object":{"id":"a:b"}}';
const bad = good.replace('mailto:', '');

/** Runs the command as npm does. */
function run(args: readonly string[], input: string | Buffer) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/validate.ts', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { status, lines: stdout.split('\n').slice(0, -1), stderr };
}

/** What the command prints with `--json`, without a process of its own. */
async function verdictsOf(input: string | Buffer, topic?: string): Promise<unknown[]> {
  const verdicts: unknown[] = [];
  const chunks = async function* () {
    yield Buffer.from(input);
  };
  for await (const line of linesOf(chunks(), longestLine)) {
    verdicts.push(JSON.parse(jsonLine(verdictOn(line, verdicts.length, topic))));
  }
  return verdicts;
}

function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
}

describe('validate', () => {
  it('prints one line per input line, in order, and a summary on stderr', () => {
    const { status, lines, stderr } = run([], `${good}\n${bad}\n[${good},${good}]\n${good}`);
    expect(lines).toEqual([
      'valid',
      'invalid $.actor.mbox mbox [XAPI-00038]: expected "mailto:" and one e-mail address, found string',
      'valid',
      'valid',
    ]);
    expect(stderr).toBe('4 lines: 3 valid, 1 invalid\nbroken: mbox 1\n');
    expect(status).toBe(1);
  });

  it('exits 0 where everything is valid, and where there is nothing', () => {
    expect(run([], `${good}\n`)).toMatchObject({ status: 0, lines: ['valid'] });
    expect(run([], '')).toMatchObject({ status: 0, lines: [], stderr: '0 lines: 0 valid, 0 invalid\n' });
  });

  it('prints objects with --json', () => {
    const { lines } = run(['--json'], `${good}\n${bad}\n`);
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { valid: true, errors: [] },
      { valid: false, errors: [expect.objectContaining({ path: '$.actor.mbox', rule: 'mbox', found: 'string' })] },
    ]);
  });

  it('takes an array as a batch', () => {
    const withId = good.replace('{', '{"id":"5a1c0000-0000-4000-8000-000000000001",');
    const { lines } = run([], `[]\n[${good}]\n[${withId},${withId}]\n[${good},1]\n`);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'valid',
      'valid',
      'invalid $[1].id repeated-id [Part 3, 2.1.2]',
      'invalid $[1] statement [XAPI-00006]',
    ]);
  });

  it.each([
    ['no JSON', '{', 'json-syntax'],
    ['more than one JSON value', `${good}${good}`, 'json-syntax'],
    ['empty', '', 'empty-line'],
    ['blank', ' \t\r', 'empty-line'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'encoding'],
    ['a bare NaN', 'NaN', 'json-syntax'],
  ])('says of a line that is %s that it is invalid, and reads on', async (_what, line, rule) => {
    const input = Buffer.concat([Buffer.from(line), Buffer.from(`\n${good}\n`)]);
    expect(await verdictsOf(input)).toMatchObject([{ valid: false, errors: [{ path: '$', rule }] }, { valid: true }]);
  });

  it('takes Windows line ends, a byte order mark, and U+2028 inside a string', () => {
    const text = good.replace('{', '{"result":{"response":"a\u2028b"},');
    expect(run([], `\uFEFF${text}\r\n${good}\r\n`).lines).toEqual(['valid', 'valid']);
  });

  it('lets no key break its line', () => {
    const { lines } = run([], `${good.replace('{', '{"a\\nb\\u001b[31m":1,')}\n`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("$['a\\u000ab\\u001b[31m'] unknown-member");
  });

  it('reads a file', () => {
    expect(run(['test/fixtures/producer-events.json', '--json'], '').stderr).toMatch(/^\d+ lines: /);
    expect(run(['no-such-file'], '')).toMatchObject({ status: 2, stderr: expect.stringContaining('no such file') });
  });

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, ['bin/validate.ts'], { cwd: root });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdin.on('error', () => {});
    child.stdin.end(`${good}\n`.repeat(100_000));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect(errors).toBe('');
    expect(code).toBe(0);
  });
});

describe('validate --upcast', () => {
  const messages = jsonLines(
    JSON.stringify(JSON.parse(readFileSync(`${root}/test/fixtures/producer-events.json`, 'utf8'))),
  ).flat();
  const payloadsOf = (topic: string) =>
    messages.filter(isJsonObject).flatMap((message) => (message['topic'] === topic ? [message['payload']] : []));

  it.each(Object.values(topics))('accepts what producers send to %s, and names rules and event', async (topic) => {
    const payloads = payloadsOf(topic);
    const input = payloads.map((payload) => `${JSON.stringify(payload)}\n`).join('');
    const verdicts = await verdictsOf(input, topic);
    expect(verdicts).toHaveLength(payloads.length);
    for (const verdict of verdicts) {
      expect(verdict).toEqual({
        valid: true,
        errors: [],
        rules: expect.any(Array),
        event: expect.stringMatching(/^[a-z]+\.[a-z_]+$/),
      });
    }
  });

  it('writes event and rules behind the verdict', () => {
    const line = JSON.stringify(payloadsOf(topics.sessions).at(-1));
    const { lines, stderr } = run(['--upcast', '--topic', topics.sessions], line);
    expect(lines).toEqual(['valid session.cancelled (actor-two-identifiers, cancelled-verb)']);
    expect(stderr).toContain('upcast: actor-two-identifiers 1, cancelled-verb 1');
  });

  it('tells of a batch statement by statement, each with an id of its own', () => {
    const { lines } = run(['--json', '--upcast', '--topic', 'xapi-events'], `[${good},${good}]\n`);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      valid: true,
      statements: [{ event: 'activity.other', rules: expect.arrayContaining(['missing-id']) }, {}],
    });
  });

  it('names no event of what is invalid', () => {
    const { status, lines } = run(['--json', '--upcast', '--topic', 'xapi-events'], '{"verb":{}}\n1\n');
    expect(status).toBe(1);
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ['valid', 'errors', 'rules'],
      ['valid', 'errors', 'rules'],
    ]);
  });

  it('lists the topics where one is unknown or missing', () => {
    for (const args of [['--upcast', '--topic', 'nope'], ['--upcast']]) {
      const { status, lines, stderr } = run(args, good);
      expect(status).toBe(2);
      expect(lines).toEqual([]);
      for (const topic of Object.values(topics)) expect(stderr).toContain(topic);
    }
    expect(run(['--topic', 'xapi-events'], good).status).toBe(2);
  });
});

describe('validate on hostile lines', () => {
  const megabytes = 2 ** 20;
  const inExtension = (value: string) => `${good.slice(0, -1)},"context":{"extensions":{"a:b":${value}}}}`;

  it.each([
    ['10,000 nested arrays', inExtension('['.repeat(10_000) + ']'.repeat(10_000)), 'nesting'],
    ['50 MB of nested arrays', '['.repeat(50 * megabytes), 'nesting'],
    ['200 nested arrays', inExtension('['.repeat(200) + ']'.repeat(200)), 'nesting'],
    ['a member __proto__', good.replace('{', '{"__proto__":{"id":"x"},'), 'unknown-member'],
    ['a number of 1e400', inExtension('1e400'), 'finite-number'],
    ['half a million attachments of 0', good.replace('{', `{"attachments":[${'0,'.repeat(500_000)}0],`), 'attachment'],
    ['a batch of a million zeros', `[${'0,'.repeat(1_000_000)}0]`, 'statement'],
    ['a line over the limit', `"${'x'.repeat(65 * megabytes)}"`, 'line-length'],
  ])('refuses %s, and reads on', async (_what, line, rule) => {
    expect(await verdictsOf(`${line}\n${good}\n`)).toMatchObject([
      { valid: false, errors: expect.arrayContaining([expect.objectContaining({ rule })]) },
      { valid: true },
    ]);
  });

  it.each([
    ['a string of 50 MB', inExtension(`"${'x'.repeat(50 * megabytes)}"`)],
    ['brackets in a string', inExtension(`"${'['.repeat(10_000)}\\"${'['.repeat(10_000)}"`)],
    ['lone surrogates', inExtension('"\\ud800"')],
    ['a repeated member, of which the last counts', good.replace('{', '{"actor":1,')],
    ['__proto__ inside an extension', inExtension('{"__proto__":{"a":null}}')],
  ])('accepts %s', async (_what, line) => {
    expect(await verdictsOf(`${line}\n${good}\n`)).toEqual(Array(2).fill({ valid: true, errors: [] }));
  });

  it('does so in a process of its own, too', () => {
    const { status, lines } = run(
      [],
      `${'['.repeat(50 * megabytes)}\n${inExtension(`"${'x'.repeat(50 * megabytes)}"`)}`,
    );
    expect(lines.map((line) => line.slice(0, 17))).toEqual(['invalid $ nesting', 'valid']);
    expect(status).toBe(1);
  });
});

/** Statements of the ADL conformance suite, kept beside the repository. */
const sample = `${root}/../shared/conformance/statements.jsonl`;

describe.skipIf(!existsSync(sample))(
  'validate on the ADL conformance cases (shared/conformance/statements.jsonl, skipped where the file is absent)',
  () => {
    it('gives every case its verdict', () => {
      const cases = jsonLines(existsSync(sample) ? readFileSync(sample, 'utf8') : '').filter(isJsonObject);
      const { lines } = run([], cases.map(({ input }) => `${JSON.stringify(input)}\n`).join(''));
      const verdicts = lines.map((line, index) => `${String(cases[index]?.['id'])} ${line.split(' ')[0]}`);
      expect(verdicts).toEqual(cases.map(({ id, expect: expected }) => `${String(id)} ${String(expected)}`));
    });
  },
);
