import { Command, InvalidArgumentError, Option } from 'commander';
import { type Role, roles } from '../functions/api/access/role.ts';
import { readEndpoints } from '../localstack/endpoints.ts';
import { fetchToken } from '../localstack/issuer/issuer.ts';
import { runProgram } from './command-line.ts';

interface Options {
  readonly role: Role;
  readonly user: string;
  readonly expiresIn: number;
}

const program = new Command('token')
  .description('Prints a bearer token for the API of the local environment that runs from this clone.')
  .addOption(new Option('--role <role>', 'role of the user').choices([...roles]).makeOptionMandatory())
  .option('--user <id>', 'user id', 'developer')
  .option('--expires-in <time>', 'how long it is valid, such as 90s, 30m, 1h or 2d', seconds, 3_600)
  .action(async ({ role, user, expiresIn }: Options) => {
    const { issuer } = await readEndpoints();
    console.log(await fetchToken(issuer, { role, user, expiresIn }));
  });

const secondsIn: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

function seconds(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const factor = secondsIn.get(unit);
  if (factor === undefined) throw new InvalidArgumentError('It is a time such as 90s, 30m, 1h or 2d.');
  return Number(count) * factor;
}

await runProgram(program);
