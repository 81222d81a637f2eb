import { Command } from 'commander';
import { wholeNumber } from '../../bin/command-line.ts';
import type { Check } from '../audit/check.ts';
import { faultNamed, faults } from './catalogue.ts';
import { openObserver } from './observer.ts';
import { type ReportRow, renderReport, renderViolations } from './report.ts';
import { expectationOf, type Runner } from './run.ts';
import { randomRuns, type Say, singleRuns } from './runs.ts';
import { limits, openStage, timeScale } from './stage.ts';
import { measureThroughput, throughputName } from './throughput.ts';

interface Options {
  readonly seed: number;
  readonly runs?: number;
  readonly only: readonly string[];
  readonly short: boolean;
  readonly records: number;
  readonly portOffset: number;
}

const listed = [
  ...faults,
  { name: throughputName, does: "one bad record per hundred: throughput of the good ones beside a clean run's" },
].map(({ name, does }) => `  ${name.padEnd(34)}${does}`);

const program = new Command('npm run faults --')
  .description(
    'Breaks every part of the platform while records of every topic group flow, and checks that none is lost, counted twice or in two places.',
  )
  .option('--seed <n>', 'seed of workloads and schedules', wholeNumber, 1)
  .option('--runs <n>', 'random schedules, instead of each fault once', wholeNumber)
  .option(
    '--only <names>',
    'only these faults, with commas; may be repeated',
    (text, before: string[]) => [...before, ...text.split(',')],
    [],
  )
  .option('--short', 'each fault as short as in `npm test`', false)
  .option('--records <n>', 'records of the mixed workload of each fault', wholeNumber, 400)
  .option('--port-offset <n>', 'added to every default port', wholeNumber, 800)
  .addHelpText('after', `\nFaults:\n${listed.join('\n')}`)
  .action(main);

async function main(options: Options): Promise<void> {
  const named = options.only.filter((name) => name !== throughputName).map((name) => faultNamed(name).name);
  const started = Date.now();
  const say: Say = (line) =>
    console.log(`${String(Math.round((Date.now() - started) / 1_000)).padStart(5)} s  ${line}`);
  const stage = await openStage({ portOffset: options.portOffset, progress: say });
  const observer = openObserver(stage);
  try {
    say(
      `seed ${options.seed}; time is scaled 1:${timeScale}: a function waits ${limits.waitSeconds} s of its ${limits.functionTimeoutSeconds} s for a store, a mapping tries ${limits.maximumRetryAttempts} times`,
    );
    const holds = await play({ stage, observer, sent: [] }, named, options, say);
    console.log(`seed ${options.seed}: ${holds ? 'every invariant holds' : 'FAILED'}`);
    if (!holds) process.exitCode = 1;
  } finally {
    observer.close();
    await stage.close();
  }
}

/** Plays what was asked for, then checks everything that is in Kafka. Whether all of it is as it must be. */
async function play(runner: Runner, named: readonly string[], options: Options, say: Say): Promise<boolean> {
  const { runs } = options;
  const all = options.only.length === 0;
  const throughput = runs === undefined && (all || options.only.includes(throughputName));
  const rows =
    runs === undefined
      ? await singleRuns(runner, all ? faults.map(({ name }) => name) : named, options, say)
      : await randomRuns(runner, named, { ...options, runs }, say);
  const measured = throughput ? await measureThroughput(runner, options.seed) : null;
  const everything = await runner.observer.checkEverything(expectationOf(runner.sent));
  report(rows, everything);
  if (measured !== null) console.log(measured.text);
  const violations = [...rows.map(({ result }) => result), everything].flatMap((check) => check.violations);
  return violations.length === 0 && measured?.enough !== false;
}

function report(rows: readonly ReportRow[], everything: Check): void {
  if (rows.length > 0) console.log(`\n${renderReport(rows)}`);
  console.log(
    `all of Kafka read once more from its start: ${everything.records} records, ${everything.accepted} accepted, ${everything.duplicates} duplicates, ${everything.deadLetters} dead letters, lost ${everything.lost}, double-counted ${everything.doubleCounted}, in two places ${everything.inTwoPlaces}`,
  );
  const checks = [...rows.map(({ fault, result }) => ({ fault, result })), { fault: 'everything', result: everything }];
  for (const check of checks) if (check.result.violations.length > 0) console.log(renderViolations(check));
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`\nnpm run faults: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
