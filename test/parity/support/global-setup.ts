import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import {
  ensureJavaEngines,
  findTools,
  portsFrom,
  prepareRunFolder,
  startReaper,
} from '../../../localstack/engines/index.ts';
import { createOpenSearch } from '../../../localstack/engines/opensearch.ts';
import { createPostgres } from '../../../localstack/engines/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of OpenSearch. */
    opensearch: string;
  }
}

const portOffset = Number(process.env['NLJ_TEST_PORT_OFFSET'] ?? 400) + 150;

/** A real PostgreSQL and a real OpenSearch, empty, for all parity tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runDirectory = await mkdtemp(join(await realpath(tmpdir()), 'nlj-parity-'));
  const reaper = startReaper();
  reaper.addDirectory(runDirectory);
  await prepareRunFolder(runDirectory);
  const found = await findTools({ runDirectory });
  if (!found.ok) throw new Error(found.faults.join('\n'));
  const java = await ensureJavaEngines(found.tools, () => undefined, { reaper });
  const ports = portsFrom({ offset: portOffset });
  const postgres = createPostgres({ ports, runDirectory, reaper });
  const opensearch = createOpenSearch({ java, ports, runDirectory, reaper });
  await Promise.all([postgres.start(), opensearch.start()]);
  project.provide('postgres', postgres.adminUrl);
  project.provide('opensearch', opensearch.url);
  return async () => {
    await Promise.all([postgres.stop(), opensearch.stop()]);
    await reaper.close();
  };
}
