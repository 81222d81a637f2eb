import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Machine } from './prerequisites.ts';

/** A program that will do, or one line about why none does. */
export type Found =
  | { readonly path: string; readonly fault?: undefined }
  | { readonly path?: undefined; readonly fault: string };

/** Oldest Java that OpenSearch 3 runs on. */
const oldestJava = 21;

/** Looks in JAVA_HOME, PATH, the system's Java folders and macOS's `java_home`; takes the first that is new enough. */
export async function findJava(machine: Machine): Promise<Found> {
  const { JAVA_HOME: home } = machine.env;
  const candidates = [
    ...(home === undefined || home === '' ? [] : [join(home, 'bin', 'java')]),
    ...onPath(machine, 'java'),
    ...machine.javaRoots.flatMap((root) =>
      list(root).flatMap((entry) => [join(root, entry, 'bin', 'java'), join(root, entry, 'Contents/Home/bin/java')]),
    ),
    ...(await fromJavaHomeTool(machine)),
  ];
  const seen: string[] = [];
  for (const path of existing(candidates)) {
    const version = javaVersion(await output(path, ['-version'], machine.env));
    if (version === undefined) continue;
    if (version.major >= oldestJava) return { path };
    seen.push(`${version.text} (${path})`);
  }
  return {
    fault: `Java: found ${listed(seen)}, needed ${oldestJava} or later. Remedy: install JDK 25 (for example Temurin) or set JAVA_HOME to one.`,
  };
}

/** Looks on PATH. Any Maven 3 or later will do. */
export async function findMaven(machine: Machine): Promise<Found> {
  const seen: string[] = [];
  for (const path of existing(onPath(machine, 'mvn'))) {
    const version = /Apache Maven (\d+)\.\S+/.exec(await output(path, ['--version'], machine.env));
    if (version?.[1] !== undefined && Number(version[1]) >= 3) return { path };
    seen.push(`one that does not run (${path})`);
  }
  return {
    fault: `Maven: found ${listed(seen)}, needed 3 or later for the first start only. Remedy: install maven and have mvn in PATH.`,
  };
}

/** Asks for what building a virtual environment takes: Debian ships Python without `ensurepip`. */
const describePython = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); import ensurepip, venv; print("venv")';

/**
 * Looks on PATH, in pyenv's versions, in the system's folders. A candidate counts only if it runs: pyenv puts a
 * `python3.13` on PATH that fails unless that version is selected.
 */
export async function findPython(machine: Machine): Promise<Found> {
  const pyenv = join(machine.env.PYENV_ROOT ?? join(machine.home, '.pyenv'), 'versions');
  const candidates = [
    ...onPath(machine, 'python3.13'),
    ...onPath(machine, 'python3'),
    ...list(pyenv)
      .filter((version) => version.startsWith('3.13'))
      .map((version) => join(pyenv, version, 'bin', 'python3.13')),
    ...machine.programFolders.map((folder) => join(folder, 'python3.13')),
  ];
  const seen: string[] = [];
  for (const path of existing(candidates)) {
    const [version, venv] = (await output(path, ['-c', describePython], machine.env)).split('\n');
    if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) continue;
    if (version.startsWith('3.13.') && venv === 'venv') return { path };
    seen.push(`${version}${version.startsWith('3.13.') ? ' without venv' : ''} (${path})`);
  }
  return {
    fault: `Python: found ${listed(seen)}, needed 3.13 with venv for the first start only. Remedy: install it (pyenv install 3.13, brew install python@3.13, or the system's python3.13 and python3.13-venv).`,
  };
}

async function fromJavaHomeTool({ platform, javaHomeTool, env }: Machine): Promise<string[]> {
  if (platform !== 'darwin' || !existsSync(javaHomeTool)) return [];
  const home = (await output(javaHomeTool, ['-v', `${oldestJava}+`], env)).split('\n')[0];
  return home !== undefined && isAbsolute(home) ? [join(home, 'bin', 'java')] : [];
}

/** Java writes `openjdk version "21.0.2"`; before 9 it wrote `"1.8.0_412"`. */
function javaVersion(text: string): { readonly major: number; readonly text: string } | undefined {
  const version = /version "((\d+)(?:\.(\d+))?[^"]*)"/.exec(text);
  if (version?.[1] === undefined) return undefined;
  const [, whole, first, second] = version;
  return { major: Number(first === '1' ? (second ?? '1') : first), text: whole ?? '' };
}

function onPath({ env }: Machine, program: string): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program));
}

function existing(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => existsSync(path));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function listed(seen: readonly string[]): string {
  return seen.length === 0 ? 'none' : seen.join(', ');
}

/** Everything a program prints, whether it succeeds or not: Java writes its version to the error output. */
function output(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...args], { env, timeout: 20_000 }, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}

/** The home of a Java program, as Maven wants it. */
export async function javaHome(java: string): Promise<string> {
  return join(await realpath(java), '..', '..');
}
