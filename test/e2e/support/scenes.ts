import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Changes, changesBy } from './business-tables.ts';
import { openRun, type Run } from './run.ts';
import { type Adaptation, openScene, type Scene } from './scene.ts';

/** The run of a test file and the scene of its present test. */
export interface Scenes {
  readonly run: Run;
  readonly scene: Scene;
  /** What the tables say after an example that they did not say before. */
  changesOf(example: string, adaptation?: Adaptation): Promise<Changes>;
}

/** Opens a run for a test file and a scene for each of its tests; to be called once, at the file's top. */
export function useScenes(): Scenes {
  let run: Run;
  let scene: Scene;
  beforeAll(async () => {
    run = await openRun();
  });
  beforeEach(async () => {
    scene = await openScene(run);
  });
  afterAll(() => run.close());
  return {
    get run() {
      return run;
    },
    get scene() {
      return scene;
    },
    changesOf: (example, adaptation) =>
      changesBy(run.pool, async () => {
        await scene.send(example, adaptation);
      }),
  };
}
