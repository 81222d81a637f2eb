import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

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
  /** Base URL of the analytics API, once there is one. */
  api: z.string().optional(),
});
export type Endpoints = z.infer<typeof endpointsSchema>;

const file = new URL('../.local/endpoints.json', import.meta.url);

export async function writeEndpoints(endpoints: Endpoints): Promise<void> {
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
}

/** Removes the file, unless another environment of this clone has written it since. */
export async function removeEndpoints(endpoints: Endpoints): Promise<void> {
  const current = await readEndpoints().catch(() => null);
  if (current?.aws === endpoints.aws) await rm(file, { force: true });
}

/** Addresses of the environment that runs from this clone. @throws Error that says how to start it. */
export async function readEndpoints(): Promise<Endpoints> {
  try {
    return endpointsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    throw new Error(
      'No local environment runs from this clone (.local/endpoints.json is not there): run `npm start` first',
    );
  }
}
