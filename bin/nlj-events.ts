import { App, Tags } from 'aws-cdk-lib';
import { PipelineStack } from '../lib/stacks/pipeline-stack.ts';
import { StatefulStack } from '../lib/stacks/stateful-stack.ts';
import { loadStage, StageError } from '../lib/stage/index.ts';

const app = new App();
try {
  const stage = loadStage(app.node.tryGetContext('stage'), (name) => app.node.tryGetContext(name));
  const name = `nlj-events-${stage.stage}`;
  const { stores } = new StatefulStack(app, `${name}-stateful`, {
    stage,
    terminationProtection: stage.protect,
    description: 'Event platform: network, Kafka, PostgreSQL, OpenSearch, dead letters',
  });
  new PipelineStack(app, `${name}-pipeline`, {
    stage,
    stores,
    description: 'Event platform: provisioning, topic group functions and their mappings',
  });
  Tags.of(app).add('application', 'nlj-events');
  Tags.of(app).add('stage', stage.stage);
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exit(1);
}
