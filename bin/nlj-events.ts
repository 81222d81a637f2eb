import { App } from 'aws-cdk-lib';
import { addChecks } from '../lib/checks.ts';
import { stageStacks } from '../lib/stacks/stage-stacks.ts';
import { loadStage } from '../lib/stage/index.ts';
import { StageError } from '../lib/stage/stage-error.ts';

const app = new App();
addChecks(app);
try {
  stageStacks(
    app,
    loadStage(app.node.tryGetContext('stage'), (name) => app.node.tryGetContext(name)),
  );
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exit(1);
}
