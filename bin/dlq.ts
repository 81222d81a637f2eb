import { Command, InvalidArgumentError, Option } from 'commander';
import {
  deadLetterClasses,
  deadLetterStates,
  type Filter,
  type Place,
} from '../functions/operations/dead-letters/request.ts';
import { allTopics, topicGroups } from '../lib/catalogue.ts';
import { endpointOf, instant, runProgram } from './command-line.ts';
import { type Ask, openAsk, replayAll } from './dlq/ask.ts';
import { countsText, discardText, listText, showText } from './dlq/text.ts';

interface Common {
  readonly stage: string;
  readonly endpoint?: string;
  readonly json?: true;
}

interface FilterOptions {
  readonly class?: Filter['class'];
  readonly rule?: string;
  readonly topic?: string;
  readonly group?: string;
  readonly since?: string;
  readonly until?: string;
  readonly record?: Place;
}

const program = new Command('dlq')
  .description('Dead letters of a stage: asks its deployed function, so that only lambda:InvokeFunction is needed.')
  .option('--stage <name>', 'stage', 'local')
  .option('--endpoint <url>', 'where the Lambda API is; for the local stage that of `npm start`')
  .option('--json', 'print the answer as JSON');

withFilter(program.command('list').description('Dead letters, the oldest first'))
  .addOption(new Option('--state <state>', 'state; default waiting').choices([...deadLetterStates, 'all']))
  .option('--limit <n>', 'rows at most', number, 100)
  .action((options: FilterOptions & { state?: string; limit: number }) =>
    run(async (ask, json) => {
      const state = deadLetterStates.find((name) => name === (options.state ?? 'waiting'));
      const rows = [];
      let after: string | undefined;
      do {
        const limit = Math.min(1_000, options.limit - rows.length);
        const page = await ask({ action: 'list', filter: filterOf(options), state, limit, after });
        rows.push(...page.rows);
        after = page.next ?? undefined;
      } while (after !== undefined && rows.length < options.limit);
      print(json, rows, listText(rows));
    }),
  );

program
  .command('show')
  .description('One record: its row and what its object holds')
  .argument('<topic/partition/offset>', 'the record', place)
  .option('--bytes', 'key, value and headers too, in base64: they hold personal data')
  .action((record: Place, { bytes }: { bytes?: true }) =>
    run(async (ask, json) => {
      const answer = await ask({ action: 'show', record, bytes: bytes === true });
      print(json, answer, showText(answer));
    }),
  );

withFilter(program.command('replay').description('Hands waiting dead letters to their function again'))
  .option('--dry-run', 'say what each would become and change nothing')
  .option('--limit <n>', 'records at most', number)
  .option('--when-healthy', 'begin only while the stores answer')
  .action((options: FilterOptions & { dryRun?: true; limit?: number; whenHealthy?: true }) =>
    run(async (ask, json) => {
      const dryRun = options.dryRun === true;
      const answer = await replayAll(ask, {
        action: 'replay',
        // What is refused from now on is another run's.
        filter: { until: new Date().toISOString(), ...filterOf(options) },
        dryRun,
        whenHealthy: options.whenHealthy === true,
        ...(options.limit === undefined ? {} : { limit: options.limit }),
      });
      print(json, { dryRun, ...answer }, countsText(answer.counts, { dryRun }));
      if (!answer.begun) throw new Error('The stores are not healthy: the rest was not begun');
    }),
  );

withFilter(program.command('discard').description('Marks waiting dead letters as not to be replayed'))
  .requiredOption('--reason <text>', 'why; kept with each row')
  .option('--dry-run', 'count them and change nothing')
  .action((options: FilterOptions & { reason: string; dryRun?: true }) =>
    run(async (ask, json) => {
      const filter = filterOf(options);
      if (Object.keys(filter).length === 0) throw new Error('discard needs a filter, such as --class or --record');
      const answer = await ask({ action: 'discard', filter, reason: options.reason, dryRun: options.dryRun === true });
      print(json, answer, discardText(answer));
    }),
  );

program
  .command('admit')
  .description('Gives rows to the records of a batch that a mapping gave up; the bucket asks for it by itself')
  .argument('<object key>')
  .action((objectKey: string) =>
    run(async (ask, json) => {
      const answer = await ask({ action: 'admit', objectKey });
      print(json, answer, `records: ${answer.records}, admitted: ${answer.admitted}`);
    }),
  );

program
  .command('sweep')
  .description('Admits every batch in the bucket that was not yet; the schedule asks for it by itself')
  .action(() =>
    run(async (ask, json) => {
      const answer = await ask({ action: 'sweep' });
      print(json, answer, `batches: ${answer.batches}, admitted: ${answer.admitted}, unreadable: ${answer.unreadable}`);
    }),
  );

function withFilter(command: Command): Command {
  return command
    .addOption(new Option('--class <name>', 'class').choices(deadLetterClasses))
    .option('--rule <name>', 'a rule among its errors')
    .addOption(new Option('--topic <name>', 'topic').choices(allTopics.map(({ name }) => name)))
    .addOption(new Option('--group <name>', 'topic group').choices(topicGroups.map(({ name }) => name)))
    .option('--since <time>', 'first seen at or after, ISO 8601', instant)
    .option('--until <time>', 'first seen before, ISO 8601', instant)
    .option('--record <topic/partition/offset>', 'this record', place);
}

function filterOf(options: FilterOptions): Filter {
  const { class: deadLetterClass, rule, topic, group, since, until, record } = options;
  return {
    ...(deadLetterClass === undefined ? {} : { class: deadLetterClass }),
    ...(rule === undefined ? {} : { rule }),
    ...(topic === undefined ? {} : { topic }),
    ...(group === undefined ? {} : { group }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(record === undefined ? {} : { record }),
  };
}

async function run(work: (ask: Ask, json: boolean) => Promise<void>): Promise<void> {
  const { stage, endpoint, json } = program.opts<Common>();
  const { ask, close } = openAsk(stage, await endpointOf({ stage, ...(endpoint === undefined ? {} : { endpoint }) }));
  try {
    await work(ask, json === true);
  } finally {
    close();
  }
}

function print(json: boolean, answer: unknown, text: string): void {
  console.log(json ? JSON.stringify(answer, null, 2) : text);
}

function number(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It is a whole number from 1.');
  return value;
}

/** `<topic>/<partition>/<offset>`, as `list` prints it. */
function place(text: string): Place {
  const [, topic, partition, offset] = /^([^/]+)\/(\d+)\/(\d+)$/.exec(text) ?? [];
  if (topic === undefined) throw new InvalidArgumentError('It is topic/partition/offset, as `list` prints it.');
  return { topic, partition: Number(partition), offset: Number(offset) };
}

await runProgram(program);
