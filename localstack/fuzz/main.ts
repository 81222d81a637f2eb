import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { execa } from 'execa';
import { runProgram, wholeNumber } from '../../bin/command-line.ts';
import { type Role, roles } from '../../functions/api/access/role.ts';
import { readEndpoints } from '../endpoints.ts';
import { ensurePythonPackages } from '../engines/index.ts';
import { fetchToken } from '../issuer/issuer.ts';
import { realIds, someUser, withExamples } from './document.ts';
import { type Finding, type FuzzReport, readReport } from './report.ts';

interface Options {
  readonly examples: number;
  readonly seed: number;
  readonly roles: readonly Role[];
}

/**
 * What an answer is held against. Not `positive_data_acceptance`: a cursor of the right form that nobody gave out, or an id
 * of nothing, is refused for what it is, not for its form.
 */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];

const program = new Command('npm run fuzz --')
  .description(
    'Sends generated requests to every route of the running local API, with a token of each role, and holds every answer against the served document.',
  )
  .option(
    '--examples <n>',
    'generated requests per route and role, at most, besides the boundary cases',
    wholeNumber,
    30,
  )
  .option('--seed <n>', 'seed of the requests', wholeNumber, 1)
  .option('--roles <roles>', 'roles, separated by commas', rolesOf, [...roles])
  .action(fuzz);

async function fuzz(options: Options): Promise<void> {
  const { api, issuer, postgres } = await readEndpoints();
  const lock = fileURLToPath(new URL('requirements.lock', import.meta.url));
  const python = await ensurePythonPackages({ name: 'schemathesis', lock }, (line) => console.log(line));
  const folder = await mkdtemp(join(tmpdir(), 'nlj-fuzz-'));
  try {
    const user = await someUser(postgres);
    const served: unknown = await (await fetch(`${api}/api/openapi.json`)).json();
    const document = join(folder, 'openapi.json');
    await writeFile(document, JSON.stringify(withExamples(served, await realIds(postgres, user))));
    let findings = 0;
    for (const role of options.roles) {
      const token = await fetchToken(issuer, { role, user, expiresIn: 3_600 });
      const report = await run({ python, folder: join(folder, role), document, api, token, options });
      print(role, report);
      findings += report.findings.length;
    }
    console.log(findings === 0 ? 'No findings.' : `${findings} findings.`);
    if (findings > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface RunOptions {
  readonly python: string;
  readonly folder: string;
  readonly document: string;
  readonly api: string;
  readonly token: string;
  readonly options: Options;
}

/** @throws Error if Schemathesis itself did not work. */
async function run({ python, folder, document, api, token, options }: RunOptions): Promise<FuzzReport> {
  const { exitCode, all = '' } = await execa(
    python,
    [
      ...['-m', 'schemathesis.cli', 'run', document, '--url', api, '--header', `Authorization: Bearer ${token}`],
      ...[
        '--checks',
        checks.join(','),
        '--phases',
        'examples,coverage,fuzzing',
        '--continue-on-failure',
        '--no-shrink',
      ],
      ...['--max-examples', String(options.examples), '--seed', String(options.seed), '--workers', '2'],
      ...['--generation-database', 'none', '--request-timeout', '30', '--report', 'ndjson', '--report-dir', folder],
    ],
    // It leaves files where it runs.
    { all: true, reject: false, cwd: dirname(document), env: { PYTHONNOUSERSITE: '1' } },
  );
  const name = (await readdir(folder).catch(() => [])).find((file) => file.endsWith('.ndjson'));
  if (name === undefined)
    throw new Error(`Schemathesis ended with ${exitCode}:\n${all.split('\n').slice(-15).join('\n')}`);
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) lines.push(line);
  const report = readReport(lines);
  if (report.requests === 0) throw new Error(`Schemathesis sent nothing:\n${all.split('\n').slice(-15).join('\n')}`);
  return report;
}

function print(role: Role, { requests, statuses, findings, apart }: FuzzReport): void {
  const counts = [...statuses].sort(([one], [other]) => one - other).map(([status, count]) => `${status}: ${count}`);
  console.log(`${role.padEnd(9)} ${requests} requests; ${counts.join(', ')}`);
  for (const finding of findings) console.log(`  FOUND ${textOf(finding)}`);
  for (const [text, count] of tally(apart)) console.log(`  by the gateway's emulation alone, ${count} times: ${text}`);
}

function textOf({ operation, check, status, detail, request }: Finding): string {
  return `${operation} ${check} (${status ?? 'no answer'}) ${detail.replaceAll('\n', ' ')}\n        ${request}`;
}

function tally(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { check, status } of findings) {
    const text = `${check}, ${status ?? 'connection closed'}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function rolesOf(text: string): Role[] {
  return text.split(',').map((name) => {
    const role = roles.find((one) => one === name);
    if (role === undefined) throw new Error(`There is no role ${name}`);
    return role;
  });
}

await runProgram(program);
