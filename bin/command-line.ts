import { type Command, InvalidArgumentError } from 'commander';
import { localAws } from '../localstack/deploy.ts';
import { readEndpoints } from '../localstack/endpoints.ts';

/** A whole number from 0, as an option's value. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

/** A time, as an option's value; in UTC. */
export function instant(text: string): string {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) throw new InvalidArgumentError('It is a time such as 2026-03-01T10:00:00Z.');
  return value.toISOString();
}

/** Where a stage's functions are invoked: for the local stage where `npm start` runs it; undefined means AWS. */
export async function endpointOf({
  stage,
  endpoint,
}: {
  readonly stage: string;
  readonly endpoint?: string;
}): Promise<string | undefined> {
  return stage === 'local' ? (endpoint ?? (await readEndpoints()).aws) : endpoint;
}

/** Options of an AWS client for a stage: the local environment's, or none for AWS. */
export function clientOptions(endpoint: string | undefined) {
  return endpoint === undefined ? {} : { endpoint, ...localAws };
}

/** Runs a command; what it throws is printed in one line, and the exit code is 1. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
