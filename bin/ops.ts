import { LambdaClient } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import { clientOptions, endpointOf, instant, runProgram, wholeNumber } from './command-line.ts';
import { openAsk } from './maintenance/ask.ts';
import { setBackText } from './maintenance/text.ts';
import { setMappings } from './mappings.ts';
import { type Controls, resetGroups, setCap, statusOf } from './ops/controls.ts';
import { topicsMeant } from './ops/target.ts';
import { lagText, statusText } from './ops/text.ts';

interface Common {
  readonly stage: string;
  readonly endpoint?: string;
  readonly json?: true;
}

/** Exit code of a command that was not carried out because nobody said `--yes`. */
const notConfirmed = 2;
const target = '<topic|group|all>';

const program = new Command('ops')
  .description(
    "Operator controls of a stage. Mappings and caps are Lambda's; what only the VPC can see is asked of the stage's maintenance function. " +
      'What stops work, or does it again, is only told unless --yes is given (exit code 2). Runbooks: docs/runbooks/ops-*.md.',
  )
  .option('--stage <name>', 'stage', 'local')
  .option('--endpoint <url>', 'where the AWS APIs are; for the local stage those of `npm start`')
  .option('--json', 'print the answer as JSON');

program
  .command('status')
  .description('Mappings, caps and lag by topic')
  .argument('[topic|group|all]', 'what is meant', 'all')
  .action((word: string) =>
    run(async (controls) => {
      const rows = await statusOf(controls, topicsMeant(word));
      print(rows, statusText(rows));
    }),
  );

program
  .command('lag')
  .description('Lag by partition')
  .argument('[topic|group|all]', 'what is meant', 'all')
  .action((word: string) =>
    run(async ({ ask }) => {
      const topics = topicsMeant(word);
      const { partitions } = await ask({ action: 'lag' });
      const meant = partitions.filter(({ topic }) => topics.includes(topic));
      print(meant, lagText(meant));
    }),
  );

program
  .command('pause')
  .description('Disables mappings: records wait in Kafka until resume')
  .argument(target, 'what is meant')
  .option('--yes', 'do it')
  .action((word: string, { yes }: { yes?: true }) =>
    run(async ({ client, stage }) => {
      const topics = topicsMeant(word);
      if (!confirmed(yes, `pause ${topics.join(', ')} on ${stage}: nothing of them is stored until they are resumed`))
        return;
      await setMappings(client, stage, false, topics);
      print({ paused: topics }, `paused: ${topics.join(', ')}`);
    }),
  );

program
  .command('resume')
  .description('Enables mappings: they go on where they were')
  .argument(target, 'what is meant')
  .action((word: string) =>
    run(async ({ client, stage }) => {
      const topics = topicsMeant(word);
      await setMappings(client, stage, true, topics);
      print({ resumed: topics }, `resumed: ${topics.join(', ')}`);
    }),
  );

program
  .command('cap')
  .description('Limits how many executions of a function run at once (reserved concurrency)')
  .argument('<function>', 'its short name, such as survey or relay')
  .argument('<executions>', 'at most; 0 stops it', wholeNumber)
  .option('--yes', 'do it, if it stops the function')
  .action((name: string, cap: number, { yes }: { yes?: true }) =>
    run(async (controls) => {
      if (cap === 0 && !confirmed(yes, `stop ${name} on ${controls.stage}: whatever invokes it is throttled`)) return;
      await setCap(controls, name, cap);
      print({ function: name, cap }, `${name}: at most ${cap} at once`);
    }),
  );

program
  .command('uncap')
  .description("Lifts a function's limit")
  .argument('<function>', 'its short name')
  .action((name: string) =>
    run(async (controls) => {
      await setCap(controls, name, null);
      print({ function: name, cap: null }, `${name}: no limit of its own`);
    }),
  );

program
  .command('reset-group')
  .description(
    'Sets the consumer groups of topics back to an instant: what came since is read again; the mappings are paused for it',
  )
  .argument(target, 'whose groups')
  .requiredOption('--to <time>', 'ISO 8601', instant)
  .option('--yes', 'do it')
  .action((word: string, { to, yes }: { to: string; yes?: true }) =>
    run(async (controls) => {
      const topics = topicsMeant(word);
      const forecast = await controls.ask({ action: 'set-back', to, topics: [...topics], dryRun: true });
      if (!confirmed(yes, `reset on ${controls.stage}:\n${setBackText(forecast)}`)) return;
      const answer = await resetGroups(controls, topics, to, (line) => console.error(line));
      print(answer, setBackText(answer));
    }),
  );

async function run(work: (controls: Controls) => Promise<void>): Promise<void> {
  const common = program.opts<Common>();
  const endpoint = await endpointOf(common);
  const { ask, close } = openAsk(common.stage, endpoint);
  const client = new LambdaClient(clientOptions(endpoint));
  try {
    await work({ stage: common.stage, client, ask });
  } finally {
    client.destroy();
    close();
  }
}

/** Whether to go on; otherwise says what it would do. */
function confirmed(yes: true | undefined, what: string): boolean {
  if (yes === true) return true;
  console.error(`would ${what}\nNothing was done: say --yes to do it`);
  process.exitCode = notConfirmed;
  return false;
}

function print(answer: unknown, text: string): void {
  console.log(program.opts<Common>().json === true ? JSON.stringify(answer, null, 2) : text);
}

await runProgram(program);
