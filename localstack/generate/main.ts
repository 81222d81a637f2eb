import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Client } from '@opensearch-project/opensearch';
import { Command, InvalidArgumentError } from 'commander';
import pg from 'pg';
import { instant, runProgram, wholeNumber } from '../../bin/command-line.ts';
import { topicGroupEnvironment } from '../../functions/core/environment.ts';
import { readPepper } from '../../functions/core/runtime/secrets.ts';
import { functionName } from '../../lib/catalogue.ts';
import { awsEnvironment, localAws } from '../deploy.ts';
import { type Endpoints, readEndpoints } from '../endpoints.ts';
import { generateDataSet } from './data-set.ts';
import { type LoadStores, loadDataSet } from './load.ts';

interface GenerateOptions {
  readonly count: number;
  readonly seed: number;
  readonly until: string;
  readonly concurrency: number;
}

const program = new Command('npm run generate --')
  .description(
    'Loads a made-up history of statements for analytics into the environment that `npm start` runs from this clone: into both stores, by the functions’ own steps, without Kafka. The same seed, count and end make the same statements: loaded again, they change nothing.',
  )
  .requiredOption('--count <n>', 'messages, some of them repeats or bad', positive)
  .option('--seed <n>', 'seed of the history', wholeNumber, 1)
  .option('--until <time>', 'end of the 400 days that it covers', instant, new Date().toISOString())
  .option('--concurrency <n>', 'chunks of 1,000 that are written at once', positive, 3)
  .action(generate);

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It is at least 1.');
  return value;
}

async function generate({ count, seed, until, concurrency }: GenerateOptions): Promise<void> {
  const stores = await openStores(await readEndpoints(), concurrency);
  const started = performance.now();
  const perSecond = (written: number) => Math.round((written * 1_000) / (performance.now() - started));
  let said = 0;
  try {
    const messages = generateDataSet({ seed, count, until: Date.parse(until) });
    const result = await loadDataSet(messages, stores, {
      concurrency,
      progress(written) {
        if (written - said < Math.max(10_000, count / 100)) return;
        said = written;
        console.log(`${written} of ${count} messages, ${perSecond(written)}/s`);
      },
    });
    const { accepted, duplicates, rejected, joined } = result;
    console.log(
      `${result.messages} messages in ${((performance.now() - started) / 1_000).toFixed(1)} s (${perSecond(result.messages)}/s): ${accepted} accepted, ${duplicates} duplicates, ${rejected} rejected; ${joined} statements joined to accounts`,
    );
    console.log(`again: npm run generate -- --count ${count} --seed ${seed} --until ${until}`);
  } finally {
    await Promise.all([stores.pool.end(), stores.search.close()]);
  }
}

/** The running stores, and the pepper and authority of the deployed functions, so that people are theirs. */
async function openStores(endpoints: Endpoints, concurrency: number): Promise<LoadStores & { readonly pool: pg.Pool }> {
  // The functions' own code reads secrets where these say.
  Object.assign(process.env, awsEnvironment(endpoints.aws));
  const { Environment } = await new LambdaClient({ endpoint: endpoints.aws, ...localAws }).send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName('local', 'learning') }),
  );
  const environment = topicGroupEnvironment.parse(Environment?.Variables);
  const pool = new pg.Pool({ connectionString: endpoints.postgres, max: concurrency + 2 });
  pool.on('error', () => undefined);
  return {
    pool,
    search: new Client({ node: endpoints.opensearch }),
    pepper: await readPepper(environment.AGENT_KEY_SECRET_ARN),
    authority: {
      objectType: 'Agent',
      account: { homePage: environment.AUTHORITY_HOME_PAGE, name: environment.AUTHORITY_NAME },
    },
  };
}

await runProgram(program);
