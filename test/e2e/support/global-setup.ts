import { randomUUID } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { portsFrom } from '../../../localstack/engines/index.ts';
import { type EnvironmentDescription, startEnvironment } from '../../../localstack/environment.ts';
import { fetchToken } from '../../../localstack/issuer/issuer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    environment: EnvironmentDescription;
    /** What the API answered before the first statement, by path. */
    answersOfNothing: Readonly<Record<string, number>>;
  }
}

/** Ports of the tests' environment, apart from those of `npm start`, so that both can run. */
const portOffset = Number(process.env['NLJ_TEST_PORT_OFFSET'] ?? 400);

/** Starts the whole local environment once for all end-to-end tests: real engines, the real deployment. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = await startEnvironment({
    ports: portsFrom({ offset: portOffset }),
    progress: (line) => console.log(line),
  });
  project.provide('environment', environment.description);
  project.provide('answersOfNothing', await answersOfNothing(environment.description));
  return () => environment.stop();
}

async function answersOfNothing({ endpoints }: EnvironmentDescription): Promise<Record<string, number>> {
  const token = await fetchToken(endpoints.issuer, { role: 'ADMIN', user: randomUUID(), expiresIn: 3_600 });
  const answers: Record<string, number> = {};
  for (const path of ['overview', 'dashboard', 'trends', 'completion-stats', 'top-performers', 'freshness', 'health']) {
    const { status } = await fetch(`${endpoints.api}/api/analytics/${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    answers[path] = status;
  }
  return answers;
}
