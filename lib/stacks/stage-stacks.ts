import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfiguration } from '../stage/schema.ts';
import { stackName } from './names.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { StatefulStack } from './stateful-stack.ts';

/** The two stacks of a stage, in whatever account and region the deployment's credentials are for. */
export function stageStacks(scope: Construct, stage: StageConfiguration) {
  const stateful = new StatefulStack(scope, stackName(stage.stage, 'stateful'), {
    stage,
    terminationProtection: stage.protect,
    description: 'Event platform: network, Kafka, PostgreSQL, OpenSearch, dead letters',
  });
  const pipeline = new PipelineStack(scope, stackName(stage.stage, 'pipeline'), {
    stage,
    stores: stateful.stores,
    description: 'Event platform: provisioning, topic group functions and their mappings',
  });
  Tags.of(scope).add('application', 'nlj-events');
  Tags.of(scope).add('stage', stage.stage);
  return { stateful, pipeline };
}
