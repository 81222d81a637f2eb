import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Command } from 'commander';
import { topics } from '../functions/core/xapi/topics.ts';
import { longestLine } from './validate/decode.ts';
import { linesOf } from './validate/lines.ts';
import { jsonLine, Summary, textLine } from './validate/report.ts';
import { verdictOn } from './validate/verdict.ts';

interface ValidateOptions {
  readonly json?: true;
  readonly upcast?: true;
  readonly topic?: string;
}

/** Exit code of a run that could not be done: 1 says that something is invalid. */
const failed = 2;

const known: readonly string[] = Object.values(topics);

const program = new Command('validate')
  .description(
    'Validates JSON lines (a statement each, or an array as a batch) against xAPI 1.0.3. Prints one line per input line, in order: ' +
      '"valid", or "invalid" and the errors; a summary on standard error. Exit code 1 if a line is invalid, 2 if the run failed. ' +
      'A line that is empty or no JSON is invalid.',
  )
  .argument('[file]', 'file to read; standard input if absent or "-"')
  .option('--json', 'print each verdict as an object {valid, errors}, with --upcast {valid, errors, rules, event}')
  .option('--upcast', "apply the topic's dialect rules first, and name those that fired and the event")
  .option('--topic <name>', `topic whose dialect rules to apply: ${known.join(', ')}`)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : failed))
  .action(run);

async function run(file: string | undefined, { json, upcast, topic }: ValidateOptions): Promise<void> {
  if (upcast && topic === undefined) program.error(`error: --upcast needs --topic, one of: ${known.join(', ')}`);
  if (!upcast && topic !== undefined) program.error('error: --topic says whose dialect rules --upcast applies');
  if (topic !== undefined && !known.includes(topic)) {
    program.error(`error: unknown topic "${topic}"; topics are: ${known.join(', ')}`);
  }
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  const summary = new Summary();
  const lineOf = json ? jsonLine : textLine;
  let number = 0;
  for await (const line of linesOf(input, longestLine)) {
    const verdict = verdictOn(line, number, topic);
    number += 1;
    summary.add(verdict);
    process.exitCode = summary.hasInvalid ? 1 : 0;
    if (!process.stdout.write(`${lineOf(verdict)}\n`)) await once(process.stdout, 'drain');
  }
  process.stderr.write(`${summary.text()}\n`);
}

// Whoever reads may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = failed;
}
