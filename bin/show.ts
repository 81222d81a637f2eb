import { Argument, Command, InvalidArgumentError } from 'commander';
import { isUuid } from '../functions/core/xapi/formats.ts';
import { answerSchema } from '../functions/operations/show/answer.ts';
import { type EntityKind, entityKinds } from '../functions/operations/show/request.ts';
import { endpointOf, runProgram } from './command-line.ts';
import { openFunction } from './function.ts';
import { notFoundText, stateText } from './show/text.ts';

interface Options {
  readonly stage: string;
  readonly endpoint?: string;
  readonly json?: true;
}

const program = new Command('show')
  .description(
    "The current state of an entity: asks its stage's function, so that only lambda:InvokeFunction is needed. Without names and e-mails: a person is an agent key.",
  )
  .addArgument(new Argument('<kind>', 'what it is').choices(entityKinds))
  .argument('<id>', 'its uuid', uuid)
  .option('--stage <name>', 'stage', 'local')
  .option('--endpoint <url>', 'where the Lambda API is; for the local stage that of `npm start`')
  .option('--json', 'print the answer as JSON')
  .action(async (kind: EntityKind, id: string, options: Options) => {
    const { stage, json } = options;
    const { invoke, close } = openFunction({ stage, name: 'show', endpoint: await endpointOf(options) });
    try {
      const answer = answerSchema.parse(await invoke({ kind, id }));
      if (answer.outcome === 'not-found') throw new Error(notFoundText(answer));
      console.log(json === true ? JSON.stringify(answer.state, null, 2) : stateText(answer.state));
    } finally {
      close();
    }
  });

function uuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('It is a uuid, such as 5a1c0000-0000-4000-8000-00000000012d.');
  return text.toLowerCase();
}

await runProgram(program);
