import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { lives } from './engines/process-tree.ts';

/** Addresses of a running local environment, as other tools read them from `.local/endpoints.json`. */
export const endpointsSchema = z.object({
  /** `host:port` of the broker. */
  kafka: z.string(),
  /** Connection URL of the database, as its owner. */
  postgres: z.string(),
  /** Base URL of the index. */
  opensearch: z.string(),
  /** Base URL of the AWS APIs (LocalStack). */
  aws: z.string(),
  /** Base URL of the API. */
  api: z.string(),
  /** Base URL of the development issuer of tokens. */
  issuer: z.string(),
  /** Process that runs it: where that has died, the addresses are stale. */
  pid: z.int(),
});
export type Endpoints = z.infer<typeof endpointsSchema>;

const file = new URL('../.local/endpoints.json', import.meta.url);

export async function writeEndpoints(endpoints: Omit<Endpoints, 'pid'>): Promise<void> {
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...endpoints, pid: process.pid }, null, 2)}\n`, { mode: 0o600 });
}

/** Removes the file, unless another environment of this clone has written it since. */
export async function removeEndpoints(): Promise<void> {
  const current = await readEndpoints().catch(() => null);
  if (current?.pid === process.pid) await rm(file, { force: true });
}

/** Addresses of the environment that runs from this clone. @throws Error that says how to start it. */
export async function readEndpoints(): Promise<Endpoints> {
  const text = await readFile(file, 'utf8').catch(() => null);
  const parsed = text === null ? null : endpointsSchema.safeParse(JSON.parse(text));
  if (parsed?.success === true && lives(parsed.data.pid)) return parsed.data;
  throw new Error('No local environment runs from this clone: run `npm start` first');
}
