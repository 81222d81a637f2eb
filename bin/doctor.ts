import Table from 'cli-table3';
import { Command } from 'commander';
import { mappingHash } from '../functions/core/search/index-template.ts';
import { readMigrations } from '../functions/operations/provision/migrate.ts';
import { endpointOf, runProgram, wholeNumber } from './command-line.ts';
import { examine, type Finding } from './doctor/checks.ts';
import { observe } from './doctor/observe.ts';

interface Options {
  readonly stage: string;
  readonly endpoint?: string;
  readonly json?: true;
  readonly lagLimit: number;
  readonly outboxSeconds: number;
  readonly between: number;
}

const migrationsFolder = new URL('../functions/operations/provision/migrations/', import.meta.url);

const program = new Command('doctor')
  .description(
    'Checks a deployed stage against this checkout. Exit code 1 if a check fails. Needs to read CloudFormation, Lambda and CloudWatch, and lambda:InvokeFunction on the maintenance function.',
  )
  .option('--stage <name>', 'stage', 'local')
  .option('--endpoint <url>', 'where the AWS APIs are; for the local stage those of `npm start`')
  .option('--json', 'print the findings as JSON')
  .option('--lag-limit <records>', 'that may wait in one partition', wholeNumber, 10_000)
  .option('--outbox-seconds <n>', 'that an announcement may wait', wholeNumber, 300)
  .option('--between <seconds>', 'between two looks at the groups, to tell slow from stuck', wholeNumber, 5)
  .action(async (options: Options) => {
    const { stage, lagLimit, outboxSeconds, between } = options;
    const observed = await observe({ stage, endpoint: await endpointOf(options), betweenMillis: between * 1_000 });
    const migrations = await readMigrations(migrationsFolder);
    const findings = examine(observed, { migrations, mappingHash, lagLimit, outboxSeconds });
    console.log(options.json === true ? JSON.stringify(findings, null, 2) : findingsText(findings));
    if (findings.some(({ level }) => level === 'fail')) process.exitCode = 1;
  });

function findingsText(findings: readonly Finding[]): string {
  const table = new Table({
    head: ['check', '', 'seen'],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [48, 6, 72],
  });
  for (const { check, level, detail } of findings) table.push([check, level === 'fail' ? 'FAIL' : level, detail]);
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  return `${table.toString()}\n${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed`;
}

await runProgram(program);
