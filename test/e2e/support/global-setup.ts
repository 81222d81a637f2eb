import type { TestProject } from 'vitest/node';
import { portsFrom } from '../../../localstack/engines/index.ts';
import { type EnvironmentDescription, startEnvironment } from '../../../localstack/environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    environment: EnvironmentDescription;
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
  return () => environment.stop();
}
