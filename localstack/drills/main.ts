import { Command } from 'commander';
import { runProgram, wholeNumber } from '../../bin/command-line.ts';
import { settled } from '../audit/settled.ts';
import { readEndpoints, removeEndpoints, writeEndpoints } from '../endpoints.ts';
import { portsFrom } from '../engines/index.ts';
import { startEnvironment } from '../environment.ts';
import { consumedExamples } from '../workload/examples.ts';
import { generateMessages } from '../workload/generator.ts';
import { limits, openBench } from './bench.ts';
import { drills } from './catalogue.ts';
import { runEveryCommand } from './commands.ts';
import type { Drill } from './drill.ts';
import { runDrill } from './run.ts';

interface Options {
  readonly all?: true;
  readonly commands?: true;
  readonly list?: true;
  readonly portOffset: number;
}

const workload = { seed: 1, count: 300, duplicatesPerMille: 30, badPerMille: 20 };

const program = new Command('npm run drill --')
  .description(
    'Breaks a platform of its own on this machine, and goes through the alarm’s runbook: detect, diagnose, repair, verified.',
  )
  .argument('[names...]', 'drills')
  .option('--list', 'say which there are')
  .option('--commands', 'run every command of every runbook that can run here')
  .option('--all', 'every drill and every command, in one environment')
  .option('--port-offset <n>', 'added to every default port', wholeNumber, 0)
  .action(async (names: string[], { all, commands, list, portOffset }: Options) => {
    if (list === true) return listDrills();
    const meant = all === true ? drills : names.map(drillOf);
    const everyCommand = all === true || commands === true;
    if (meant.length === 0 && !everyCommand) throw new Error('Which drill? `npm run drill -- --list` names them');
    await run(meant, everyCommand, portOffset);
  });

function listDrills(): void {
  for (const { name, says, runbook } of drills) console.log(`${name.padEnd(20)} ${says} (docs/runbooks/${runbook}.md)`);
}

function drillOf(name: string): Drill {
  const found = drills.find((drill) => drill.name === name);
  if (found === undefined) throw new Error(`There is no drill ${name}: \`npm run drill -- --list\` names them`);
  return found;
}

async function run(meant: readonly Drill[], everyCommand: boolean, offset: number): Promise<void> {
  if (
    await readEndpoints().then(
      () => true,
      () => false,
    )
  )
    throw new Error('An environment runs from this clone: end it, a drill breaks one of its own');
  const started = Date.now();
  const say = (line: string) =>
    console.log(`${String(Math.round((Date.now() - started) / 1_000)).padStart(4)} s  ${line}`);
  const environment = await startEnvironment({ ports: portsFrom({ offset }), limits, progress: () => undefined });
  const failed: string[] = [];
  const attempt = (name: string, work: Promise<void>) =>
    work.catch((error: unknown) => {
      failed.push(name);
      say(`  FAILED    ${error instanceof Error ? error.message : String(error)}`);
    });
  try {
    await writeEndpoints(environment.description.endpoints);
    const bench = await openBench(environment);
    try {
      await bench.send([...(await consumedExamples()), ...generateMessages(workload)]);
      const { ledger, index } = await settled(environment.description);
      say(`a platform is up: ledger ${ledger}, index ${index}`);
      for (const drill of meant) {
        console.log('');
        await attempt(drill.name, runDrill(drill, bench, say));
      }
      if (everyCommand) {
        console.log('');
        await attempt('commands', runEveryCommand(bench, say));
      }
    } finally {
      await bench.close();
    }
  } finally {
    await removeEndpoints();
    await environment.stop();
  }
  const done = [
    ...(meant.length > 0 ? [`${meant.length} of ${meant.length} drills succeeded.`] : []),
    ...(everyCommand ? ['Every command ran.'] : []),
  ];
  console.log(failed.length === 0 ? `\n${done.join(' ')}` : `\nFailed: ${failed.join(', ')}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

await runProgram(program);
