import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { loadStage, stageNames } from '../lib/stage/index.ts';
import { suppressionsOf, suppressionsText } from '../lib/suppressions.ts';

/** Writes `docs/suppressions.md`. */
const file = new URL('../docs/suppressions.md', import.meta.url);
const { context } = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(await readFile(new URL('../cdk.json', import.meta.url), 'utf8')));
const stages = stageNames.map((name) => loadStage(name, () => undefined));
await writeFile(file, suppressionsText(suppressionsOf(stages, context), stageNames));
