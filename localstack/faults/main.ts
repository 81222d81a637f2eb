import { Command, InvalidArgumentError } from 'commander';
import { faultNamed, faults } from './catalogue.ts';
import { openObserver } from './observer.ts';
import { type ReportRow, renderReport, renderViolations } from './report.ts';
import { expectationOf, type Runner, runSchedule } from './run.ts';
import { plainSchedule, randomSchedule, type Schedule, shrink } from './schedule.ts';
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

/** Runs that shrinking a failing schedule may cost. */
const shrinkTries = 30;

const program = new Command('npm run faults --')
  .description(
    'Breaks every part of the platform while records of every topic group flow, and checks that none is lost, counted twice or in two places.',
  )
  .option('--seed <n>', 'seed of workloads and schedules', integer, 1)
  .option('--runs <n>', 'random schedules, instead of each fault once', integer)
  .option(
    '--only <names>',
    'only these faults, with commas; may be repeated',
    (text, before: string[]) => [...before, ...text.split(',')],
    [],
  )
  .option('--short', 'each fault as short as in `npm test`', false)
  .option('--records <n>', 'records of the mixed workload of each fault', integer, 400)
  .option('--port-offset <n>', 'added to every default port', integer, 800)
  .addHelpText(
    'after',
    `\nFaults:\n${faults.map(({ name, does }) => `  ${name.padEnd(34)}${does}`).join('\n')}\n  ${throughputName.padEnd(34)}one bad record per hundred: throughput of the good ones beside a clean run's`,
  )
  .action(main);

async function main(options: Options): Promise<void> {
  const chosen = options.only.filter((name) => name !== throughputName).map(faultNamed);
  const throughput = options.runs === undefined && (options.only.length === 0 || options.only.includes(throughputName));
  const started = Date.now();
  const say = (line: string) =>
    console.log(`${String(Math.round((Date.now() - started) / 1_000)).padStart(5)} s  ${line}`);
  const stage = await openStage({ portOffset: options.portOffset, progress: say });
  const observer = openObserver(stage);
  const runner: Runner = { stage, observer, sent: [] };
  try {
    say(
      `seed ${options.seed}; time is scaled 1:${timeScale}: a function has ${limits.functionTimeoutSeconds} s, of which it waits ${limits.functionTimeoutSeconds - 30} s for a store; a mapping tries ${limits.maximumRetryAttempts} times`,
    );
    const names = (chosen.length > 0 ? chosen : faults).map(({ name }) => name);
    const rows =
      options.runs !== undefined
        ? await randomRuns(runner, options.runs, options, chosen.length > 0 ? names : randomNames, say)
        : options.only.length > 0 && chosen.length === 0
          ? []
          : await singleRuns(runner, names, options, say);
    const everything = await observer.check(new Map(), expectationOf(runner.sent));
    console.log(`\n${renderReport(rows)}`);
    console.log(
      `all of Kafka read once more from its start: ${everything.records} records, ${everything.accepted} accepted, ${everything.duplicates} duplicates, ${everything.deadLetters} dead letters, lost ${everything.lost}, double-counted ${everything.doubleCounted}, in two places ${everything.inTwoPlaces}`,
    );
    const failed = rows.filter(({ result }) => result.violations.length > 0);
    for (const row of failed) console.log(renderViolations(row));
    if (everything.violations.length > 0) {
      console.log(
        renderViolations({ fault: 'everything', seconds: 0, result: { ...everything, hits: 0, recovery: 0 } }),
      );
    }
    const slow = throughput && !(await measureThroughput(runner, options, (line) => console.log(line)));
    if (failed.length > 0 || everything.violations.length > 0 || slow) process.exitCode = 1;
    console.log(`seed ${options.seed}: ${process.exitCode === 1 ? 'FAILED' : 'every invariant holds'}`);
  } finally {
    observer.close();
    await stage.close();
  }
}

const randomNames: readonly string[] = faults.filter(({ random }) => random).map(({ name }) => name);

type Say = (line: string) => void;

async function singleRuns(runner: Runner, names: readonly string[], options: Options, say: Say): Promise<ReportRow[]> {
  const rows: ReportRow[] = [];
  for (const [position, name] of names.entries()) {
    const { seconds } = faultNamed(name);
    const lasts = options.short ? seconds.short : seconds.full;
    const schedule = plainSchedule([{ name, seconds: lasts }], {
      seed: options.seed * 1_000 + position,
      records: options.records,
    });
    const result = await runSchedule(runner, schedule, { mustHit: true });
    const row = { fault: name, seconds: lasts, result };
    rows.push(row);
    say(`${name}: ${result.violations.length === 0 ? 'ok' : renderViolations(row)}`);
  }
  return rows;
}

async function randomRuns(
  runner: Runner,
  runs: number,
  options: Options,
  names: readonly string[],
  say: Say,
): Promise<ReportRow[]> {
  const rows: ReportRow[] = [];
  for (let run = 0; run < runs; run += 1) {
    const schedule = randomSchedule(options.seed * 1_000 + run, names);
    const result = await runSchedule(runner, schedule, { mustHit: false });
    const row = { fault: describe(schedule), seconds: longest(schedule), result };
    rows.push(row);
    say(
      `${run + 1}/${runs} ${row.fault}: ${result.violations.length === 0 ? `ok, ${result.records} records, recovery ${result.recovery.toFixed(1)} s` : renderViolations(row)}`,
    );
    if (result.violations.length > 0) {
      await reportShrunk(runner, schedule, say);
      break;
    }
  }
  return rows;
}

/** Repeats a failing schedule in simpler forms and prints the simplest that still fails. */
async function reportShrunk(runner: Runner, schedule: Schedule, say: Say): Promise<void> {
  let attempt = 0;
  const fails = async (candidate: Schedule) => {
    attempt += 1;
    const { violations } = await runSchedule(runner, candidate, { mustHit: false, idSpace: `again ${attempt}` });
    say(
      `shrinking: ${describe(candidate)} with ${candidate.records} records ${violations.length > 0 ? 'fails' : 'passes'}`,
    );
    return violations.length > 0;
  };
  const shortest = await shrink(schedule, fails, shrinkTries);
  say(`the shortest schedule that fails: ${JSON.stringify(shortest)}`);
}

function describe({ seed, faults: planned }: Schedule): string {
  return `${seed}: ${planned.map(({ name, at, lasts }) => `${name}@${at}+${lasts}`).join(', ') || 'no fault'}`;
}

function longest({ faults: planned }: Schedule): number {
  return Math.max(0, ...planned.map(({ lasts }) => lasts)) / 1_000;
}

function integer(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`\nnpm run faults: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
