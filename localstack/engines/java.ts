import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Environment of a Java server: nothing of the user's, so that no option set there changes an engine. */
export const javaEnvironment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };

/** For servers with small heaps that should start fast. The last one keeps statistics files out of the system's tmp. */
export const javaOptions: readonly string[] = ['-XX:+UseSerialGC', '-Xshare:auto', '-XX:-UsePerfData'];

/** Runs a Java program to its end. @throws Error with what it printed. */
export async function runJava(java: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await run(java, [...args], { cwd, env: javaEnvironment });
  } catch (error) {
    throw new Error(`${java} ${args.join(' ')} failed: ${printed(error)}`, { cause: error });
  }
}

/** What a program that failed wrote to its error output. */
export function printed(error: unknown): string {
  return error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
}
