import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import pg from 'pg';
import { awsEnvironment } from '../deploy.ts';
import { ensureLocalStack, findTools } from '../engines/index.ts';
import type { EnvironmentDescription } from '../environment.ts';
import type { RunbookCommand } from './runbook.ts';

/** What a command printed. */
export interface Printed {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** Runs a runbook's commands as an operator would, against one environment. */
export type Shell = (command: Pick<RunbookCommand, 'language'>, text: string) => Promise<Printed>;

const root = fileURLToPath(new URL('../../', import.meta.url));
const commandMinutes = 5;
/** An operator control that was not confirmed has said what it would do. */
const notConfirmed = 2;

/**
 * A shell with `npm` and `aws` (LocalStack's own installation brings the AWS CLI, 1.x), and SQL as the database's owner.
 * The environment's addresses must be in `.local/endpoints.json`.
 */
export async function openShell({ endpoints, runDirectory }: EnvironmentDescription): Promise<Shell> {
  const folder = join(runDirectory, 'operator');
  await mkdir(folder, { recursive: true });
  const { python } = await ensureLocalStack(await tools(runDirectory), () => undefined);
  const aws = join(folder, 'aws');
  await writeFile(aws, `#!/bin/sh\nexec '${python}' -m awscli "$@"\n`);
  await chmod(aws, 0o755);
  const path = [folder, dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''];
  const env = {
    ...awsEnvironment(endpoints.aws),
    PATH: path.join(delimiter),
    HOME: folder,
    PYTHONNOUSERSITE: '1',
    NO_COLOR: '1',
    npm_config_loglevel: 'silent',
  };
  return async ({ language }, text) => {
    if (language === 'sql') return query(endpoints.postgres, text);
    const { exitCode, all } = await execa('bash', ['-c', text], {
      cwd: root,
      env,
      all: true,
      reject: false,
      timeout: commandMinutes * 60_000,
    });
    const told = exitCode === notConfirmed && text.startsWith('npm run ops');
    return { ok: exitCode === 0 || told, lines: all.split('\n').filter((line) => line.trim() !== '') };
  };
}

async function tools(runDirectory: string) {
  const found = await findTools({ runDirectory });
  if (!found.ok) throw new Error(found.faults.join('\n'));
  return found.tools;
}

/** Values as the server writes them. */
const asText = { getTypeParser: () => String };

/** Rows as lines of `column value`; what the server refuses is printed as it says it. */
async function query(url: string, text: string): Promise<Printed> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows, command, rowCount } = await client.query<Record<string, string | null>>({ text, types: asText });
    const lines = rows.map((row) =>
      Object.entries(row)
        .map(([name, value]) => `${name} ${value}`)
        .join('  '),
    );
    return { ok: true, lines: lines.length === 0 ? [`${command}: ${rowCount ?? 0} rows`] : lines };
  } catch (error) {
    return { ok: false, lines: [error instanceof Error ? error.message : String(error)] };
  } finally {
    await client.end().catch(() => undefined);
  }
}
