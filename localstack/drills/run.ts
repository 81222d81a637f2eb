import { setTimeout as sleep } from 'node:timers/promises';
import { settled } from '../audit/settled.ts';
import type { Judged } from '../cloudwatch/watch.ts';
import type { Bench } from './bench.ts';
import type { Breakage, Drill } from './drill.ts';
import { filled, type RunbookCommand, readRunbook, type Section, type Values } from './runbook.ts';

/** How long an alarm may take to go off, and to end. Seconds. */
const alarmSeconds = { goOff: 330, end: 420 };

/** How long the first look may show nothing: LocalStack has a function's log when the invocation ends. Seconds. */
const lookSeconds = 60;

/** Lines of a command that are printed, and how much of each. */
const shown = { lines: 4, characters: 150 };

export type Say = (line: string) => unknown;

/** A stage of a drill that did not do what it must. */
export class DrillError extends Error {
  override readonly name = 'DrillError';
}

/**
 * Breaks it, and prints detect, diagnose, repair, verified. What is broken is undone whatever happens.
 * @throws DrillError naming the stage and what it saw.
 */
export async function runDrill(drill: Drill, bench: Bench, say: Say): Promise<void> {
  const commands = await readRunbook(drill.runbook);
  const known: Values = { ...bench.places, ...drill.values };
  say(`${drill.name}: ${drill.says} (docs/runbooks/${drill.runbook}.md)`);
  await quiet(drill, bench);
  const breakage = await drill.open(bench);
  say(`  break     ${breakage.did}`);
  let mended = false;
  try {
    await detect(drill, breakage, bench, say);
    const look = await diagnose(drill, commands, known, { bench, say });
    const values = { ...known, ...breakage.read?.(look) };
    say(`  repair    ${breakage.mend?.did ?? 'by command'}`);
    await breakage.mend?.run();
    if (breakage.mend === null && commandsOf(commands, 'Remedy', values).length === 0)
      throw new DrillError('repair: the runbook has no command for it');
    await printed(commands, 'Remedy', values, { bench, say });
    mended = true;
    await verify(drill, breakage, commands, values, { bench, say });
  } finally {
    if (!mended) await breakage.undo();
    await breakage.after?.();
  }
}

interface Means {
  readonly bench: Bench;
  readonly say: Say;
}

/** The alarms of a drill before may have to end first. */
async function quiet({ alarms, name, byRule, unwaited }: Drill, { watch }: Bench): Promise<void> {
  if (unwaited !== undefined) return;
  const states = await watch.until(
    () => watch.judged(alarms, byRule),
    (found) => !every(found, 'ALARM', 'some'),
    alarmSeconds.end,
  );
  if (every(states, 'ALARM', 'some')) throw new DrillError(`${name}: before anything is broken: ${text(states)}`);
}

async function detect(drill: Drill, { goOn }: Breakage, { watch }: Bench, say: Say): Promise<void> {
  const { alarms, byRule, unwaited } = drill;
  if (unwaited !== undefined) {
    say(`  detect    not waited for: ${unwaited}`);
    return;
  }
  const began = Date.now();
  const states = await watch.until(
    async () => {
      await goOn?.();
      return watch.judged(alarms, byRule);
    },
    (found) => every(found, 'ALARM'),
    alarmSeconds.goOff,
  );
  if (!every(states, 'ALARM')) throw new DrillError(`detect: no alarm after ${alarmSeconds.goOff} s: ${text(states)}`);
  say(`  detect    ${text(states)}, after ${since(began)} s`);
}

/** Takes the first look, again until a line tells, and prints the one that does. @throws DrillError if none does. */
async function diagnose(
  { tells, also = [] }: Drill,
  commands: readonly RunbookCommand[],
  values: Values,
  { bench, say }: Means,
): Promise<readonly string[]> {
  const deadline = Date.now() + lookSeconds * 1_000;
  for (;;) {
    const page: string[] = [];
    const means = { bench, say: (line: string) => page.push(line) };
    const look = await printed(commands, 'First look', values, means, tells);
    const told = look.some((line) => tells.test(line));
    if (told || Date.now() > deadline) for (const line of page) say(line);
    if (told) {
      for (const kind of also) {
        say(`            and as docs/runbooks/${kind}.md says:`);
        await printed(await readRunbook(kind), 'First look', values, { bench, say });
      }
      return look;
    }
    if (Date.now() > deadline) throw new DrillError(`diagnose: nothing in the first look says ${tells}`);
    await sleep(2_000);
  }
}

async function verify(
  { alarms, byRule, unwaited }: Drill,
  { goOn }: Breakage,
  commands: readonly RunbookCommand[],
  values: Values,
  means: Means,
): Promise<void> {
  const { bench, say } = means;
  const began = Date.now();
  const table = await settled(bench.description);
  const sum = (pick: 'produced' | 'accepted' | 'duplicate' | 'rejected' | 'lost' | 'lag') =>
    table.topics.reduce((total, topic) => total + topic[pick], 0);
  const account =
    `produced ${sum('produced')} = accepted ${sum('accepted')} + duplicate ${sum('duplicate')} + rejected ${sum('rejected')}; ` +
    `lag ${sum('lag')}, lost ${sum('lost')}; ledger ${table.ledger}, index ${table.index}`;
  if (!table.complete) throw new DrillError(`verified: not everything is accounted for: ${account}`);
  if (unwaited === undefined) {
    const states = await bench.watch.until(
      async () => {
        await goOn?.();
        return bench.watch.judged(alarms, byRule);
      },
      (found) => every(found, 'OK'),
      alarmSeconds.end,
    );
    if (!every(states, 'OK')) throw new DrillError(`verified: ${text(states)}`);
    say(`  verified  ${text(states)}, ${since(began)} s after the repair`);
  } else say('  verified  nothing is left to do');
  await printed(commands, 'Verify', values, means);
  say(`            ${account}`);
}

/**
 * Runs the commands of a section that can run here and are of this case, and prints of each the lines that tell, or its first.
 * @returns all lines. @throws DrillError if one fails.
 */
async function printed(
  commands: readonly RunbookCommand[],
  section: Section,
  values: Values,
  { bench, say }: Means,
  tells: RegExp | null = null,
): Promise<readonly string[]> {
  const all: string[] = [];
  const label = section === 'First look' ? '  diagnose  ' : '            ';
  for (const { command, text } of commandsOf(commands, section, values)) {
    say(`${label}$ ${text.replaceAll(/\s*\\?\n\s*/g, ' ')}`);
    const { ok, lines } = await bench.shell(command, text);
    const readable = lines.filter((line) => /\w/.test(line));
    const told = readable.filter((line) => tells?.test(line) === true);
    const telling = told.length > 0 ? told : readable;
    for (const line of telling.slice(0, shown.lines)) say(`              ${line.trim().slice(0, shown.characters)}`);
    const more = lines.length - Math.min(shown.lines, telling.length);
    if (more > 0) say(`              … ${more} more lines`);
    // A first look may be at what does not answer.
    if (!ok && section !== 'First look')
      throw new DrillError(`${section}: \`${text}\` failed:\n${lines.slice(-shown.lines).join('\n')}`);
    all.push(...lines);
  }
  return all;
}

/** The commands of a section that can run here and are of this case. */
function commandsOf(commands: readonly RunbookCommand[], section: Section, values: Values) {
  return commands.flatMap((command) => {
    const text = command.section === section && command.awsOnly === null ? filled(command, values) : null;
    return text === null ? [] : [{ command, text }];
  });
}

function every(states: Readonly<Record<string, Judged>>, wanted: string, how: 'every' | 'some' = 'every'): boolean {
  return Object.values(states)[how](({ state }) => state === wanted);
}

function text(states: Readonly<Record<string, Judged>>): string {
  return Object.entries(states)
    .map(([name, { state, by }]) => `${name} ${state}${by === 'rule' ? ' (by its deployed rule)' : ''}`)
    .join(', ');
}

function since(began: number): number {
  return Math.round((Date.now() - began) / 1_000);
}
