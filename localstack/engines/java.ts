import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Environment of a Java server: nothing of the user's, so that no option set there changes an engine. */
export const javaEnvironment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };

/** Runs a Java program to its end. @throws Error with what it printed. */
export async function runJava(java: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await run(java, [...args], { cwd, env: javaEnvironment });
  } catch (error) {
    const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`${args.find((arg) => arg.includes('.')) ?? java} failed: ${printed}`, { cause: error });
  }
}
