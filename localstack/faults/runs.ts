import { faultNamed, faults } from './catalogue.ts';
import { type ReportRow, renderViolations } from './report.ts';
import { type Runner, type RunOptions, type RunResult, runSchedule } from './run.ts';
import { plainSchedule, randomSchedule, type Schedule, shrink } from './schedule.ts';

/** Prints a line of progress. */
export type Say = (line: string) => void;

/** Runs that shrinking a failing schedule may cost. */
const shrinkTries = 30;

/** Faults that random schedules take where none are named. */
const randomNames: readonly string[] = faults.filter(({ random }) => random).map(({ name }) => name);

/** Each fault by itself; one without effect is a violation. */
export async function singleRuns(
  runner: Runner,
  names: readonly string[],
  options: { readonly seed: number; readonly records: number; readonly short: boolean },
  say: Say,
): Promise<ReportRow[]> {
  const rows: ReportRow[] = [];
  for (const [position, name] of names.entries()) {
    const { seconds: lengths } = faultNamed(name);
    const seconds = options.short ? lengths.short : lengths.full;
    const plan = { seed: options.seed * 1_000 + position, records: options.records };
    const result = await attempt(runner, plainSchedule([{ name, seconds }], plan), { mustHit: true });
    const row = { fault: name, seconds, result };
    rows.push(row);
    say(`${name}: ${outcome(row)}`);
  }
  return rows;
}

/** Random schedules until all are done or one fails, which is then shrunk. */
export async function randomRuns(
  runner: Runner,
  names: readonly string[],
  options: { readonly seed: number; readonly runs: number },
  say: Say,
): Promise<ReportRow[]> {
  const rows: ReportRow[] = [];
  for (let run = 0; run < options.runs; run += 1) {
    const schedule = randomSchedule(options.seed * 1_000 + run, names.length > 0 ? names : randomNames);
    const result = await attempt(runner, schedule, { mustHit: false });
    const row = { fault: describe(schedule), seconds: longest(schedule), result };
    rows.push(row);
    say(`${run + 1}/${options.runs} ${row.fault}: ${outcome(row)}`);
    if (result.violations.length > 0) {
      await reportShrunk(runner, schedule, say);
      break;
    }
  }
  return rows;
}

/** Repeats a failing schedule in simpler forms and prints the simplest that still fails. */
async function reportShrunk(runner: Runner, schedule: Schedule, say: Say): Promise<void> {
  let repetitions = 0;
  const fails = async (candidate: Schedule): Promise<boolean> => {
    repetitions += 1;
    const { violations } = await attempt(runner, candidate, { mustHit: false, idSpace: `again ${repetitions}` });
    const outcome = violations.length > 0 ? 'fails' : 'passes';
    say(`shrinking: ${describe(candidate)} with ${candidate.records} records ${outcome}`);
    return violations.length > 0;
  };
  say(`the shortest schedule that fails: ${JSON.stringify(await shrink(schedule, fails, shrinkTries))}`);
}

/** A run that breaks off is one that failed: its schedule must be told too. */
async function attempt(runner: Runner, schedule: Schedule, options: RunOptions): Promise<RunResult> {
  try {
    return await runSchedule(runner, schedule, options);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...nothing, violations: [`the run broke off: ${reason}`] };
  }
}

const nothing = {
  records: 0,
  accepted: 0,
  duplicates: 0,
  deadLetters: 0,
  lost: 0,
  doubleCounted: 0,
  inTwoPlaces: 0,
  hits: 0,
  recovery: 0,
};

function outcome(row: ReportRow): string {
  const { violations, records, accepted, duplicates, deadLetters, recovery } = row.result;
  if (violations.length > 0) return renderViolations(row);
  return `ok, ${records} records: ${accepted} accepted, ${duplicates} duplicates, ${deadLetters} dead letters; recovery ${recovery.toFixed(1)} s`;
}

function describe({ seed, faults: planned }: Schedule): string {
  return `${seed}: ${planned.map(({ name, at, lasts }) => `${name}@${at}+${lasts}`).join(', ') || 'no fault'}`;
}

function longest({ faults: planned }: Schedule): number {
  return Math.max(0, ...planned.map(({ lasts }) => lasts)) / 1_000;
}
