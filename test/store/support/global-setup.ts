import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { portsFrom, prepareRunFolder, startReaper } from '../../../localstack/engines/index.ts';
import { createPostgres } from '../../../localstack/engines/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection URL of the superuser. */
    postgres: string;
  }
}

const portOffset = Number(process.env['NLJ_TEST_PORT_OFFSET'] ?? 400) + 100;

/** One real PostgreSQL for all store tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runDirectory = await mkdtemp(join(await realpath(tmpdir()), 'nlj-store-'));
  const reaper = startReaper();
  reaper.addDirectory(runDirectory);
  await prepareRunFolder(runDirectory);
  const postgres = createPostgres({ ports: portsFrom({ offset: portOffset }), runDirectory, reaper });
  await postgres.start();
  project.provide('postgres', postgres.adminUrl);
  return async () => {
    await postgres.stop();
    await reaper.close();
  };
}
