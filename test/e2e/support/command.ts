import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EnvironmentDescription } from '../../../localstack/environment.ts';

/** Runs one of the commands of `bin/` against the tests' environment and returns what it prints as JSON. */
export async function command(
  { endpoints }: EnvironmentDescription,
  name: string,
  ...words: string[]
): Promise<unknown> {
  const path = fileURLToPath(new URL(`../../../bin/${name}.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path, ...words, '--json', '--endpoint', endpoints.aws],
    {
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(stdout);
}
