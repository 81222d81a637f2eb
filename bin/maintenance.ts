import { text } from 'node:stream/consumers';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { AnswerTo } from '../functions/operations/maintenance/answer.ts';
import { clientOptions, endpointOf, instant, runProgram, wholeNumber } from './command-line.ts';
import { type Ask, openAsk } from './maintenance/ask.ts';
import { afterRestore, rebuildAll } from './maintenance/restore.ts';
import { eraseText, reconcileText, retentionText, setBackText } from './maintenance/text.ts';

interface Common {
  readonly stage: string;
  readonly endpoint?: string;
  readonly json?: true;
}

const program = new Command('maintenance').description(
  "Asks a stage's maintenance function, so that only lambda:InvokeFunction is needed.",
);

command('reconcile', 'Writes documents that are missing or old, removes those without a row, joins people')
  .addOption(new Option('--scope <scope>', 'how far back').choices(['recent', 'all'] as const).default('recent'))
  .action((options: Common & { scope: 'recent' | 'all' }) =>
    run(options, async (ask, json) => {
      const answer = await ask({ action: 'reconcile', scope: options.scope });
      print(json, answer, reconcileText(answer));
      if (!answer.complete || answer.left > 0) throw new Error('Not all of it is right yet: run it again');
    }),
  );

command(
  'rebuild',
  'Builds a new generation of the index from PostgreSQL and lets readers see it when it is whole',
).action((options: Common) =>
  run(options, async (ask, json) => {
    const generation = await rebuildAll(ask, (line) => console.error(line));
    print(json, { generation }, '');
  }),
);

command('restore', 'After PostgreSQL was restored to an earlier state: reads again what came since, builds a new index')
  .requiredOption('--to <time>', 'the restore point, ISO 8601', instant)
  .option('--margin <minutes>', 'how long before it records are read again', wholeNumber, 24 * 60)
  .action((options: Common & { to: string; margin: number }) =>
    run(options, async (ask, json, client) => {
      const { stage, to, margin } = options;
      const progress = (line: string) => console.error(line);
      const answer = await afterRestore(ask, client, { stage, to, marginMillis: margin * 60_000 }, progress);
      print(json, answer, `done: ${answer.recordsAgain} records are read again, index generation ${answer.generation}`);
    }),
  );

command('erase', 'Erases a person from every store but Kafka and backups')
  .option('--user <id>', 'NLJ user id')
  .option('--email <address>', 'e-mail address; - reads it from standard input')
  .option('--dry-run', 'count what would go and change nothing')
  .action((options: Common & { user?: string; email?: string; dryRun?: true }) =>
    run(options, async (ask, json) => {
      const { user } = options;
      const email = options.email === '-' ? (await text(process.stdin)).trim() : options.email;
      if (user === undefined && email === undefined) throw new Error('erase needs --user, --email or both');
      const who = { ...(user === undefined ? {} : { user }), ...(email === undefined ? {} : { email }) };
      const answer = await eraseAll(ask, { action: 'erase', who, dryRun: options.dryRun === true });
      print(json, answer, eraseText(answer));
    }),
  );

command('retention', 'Erases what was stored before a month')
  .requiredOption('--before <month>', 'such as 2025-01', month)
  .option('--dry-run', 'count what would go and change nothing')
  .action((options: Common & { before: string; dryRun?: true }) =>
    run(options, async (ask, json) => {
      const request = { action: 'retention', before: options.before, dryRun: options.dryRun === true } as const;
      let answer = await ask(request);
      let { statements, deadLetters } = answer;
      while (!answer.complete) {
        answer = await ask(request);
        statements += answer.statements;
        deadLetters += answer.deadLetters;
      }
      const total = { ...answer, statements, deadLetters };
      print(json, total, retentionText(total));
    }),
  );

command('set-back', 'Sets consumer groups back to an instant, after PostgreSQL was restored; mappings must be disabled')
  .requiredOption('--to <time>', 'ISO 8601', instant)
  .option('--dry-run', 'count what would be read again and change nothing')
  .action((options: Common & { to: string; dryRun?: true }) =>
    run(options, async (ask, json) => {
      const answer = await ask({ action: 'set-back', to: options.to, dryRun: options.dryRun === true });
      print(json, answer, setBackText(answer));
    }),
  );

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--stage <name>', 'stage', 'local')
    .option('--endpoint <url>', 'where the Lambda API is; for the local stage that of `npm start`')
    .option('--json', 'print the answer as JSON');
}

async function eraseAll(ask: Ask, request: Parameters<Ask>[0] & { action: 'erase' }): Promise<AnswerTo<'erase'>> {
  let answer = await ask(request);
  const counts = { ...answer.counts };
  while (!answer.complete) {
    answer = await ask(request);
    for (const name of Object.keys(counts)) if (isCount(name, counts)) counts[name] += answer.counts[name];
  }
  return { ...answer, counts };
}

function isCount<Counts extends object>(name: string, counts: Counts): name is string & keyof Counts {
  return Object.hasOwn(counts, name);
}

async function run(
  { json, ...common }: Common,
  work: (ask: Ask, json: boolean, client: LambdaClient) => Promise<void>,
): Promise<void> {
  const local = await endpointOf(common);
  const { ask, close } = openAsk(common.stage, local);
  const client = new LambdaClient(clientOptions(local));
  try {
    await work(ask, json === true, client);
  } finally {
    client.destroy();
    close();
  }
}

function print(json: boolean, answer: unknown, text: string): void {
  const printed = json ? JSON.stringify(answer, null, 2) : text;
  if (printed !== '') console.log(printed);
}

function month(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('It is a month such as 2025-01.');
  return text;
}

await runProgram(program);
