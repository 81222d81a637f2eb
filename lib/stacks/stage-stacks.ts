import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfiguration } from '../stage/schema.ts';
import { ApiStack } from './api-stack.ts';
import { stackName } from './names.ts';
import { ObservabilityStack } from './observability-stack.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { StatefulStack } from './stateful-stack.ts';

/** The stacks of a stage, in whatever account and region the deployment's credentials are for. */
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
  const api = new ApiStack(scope, stackName(stage.stage, 'api'), {
    stage,
    stores: stateful.stores,
    description: 'Event platform: the HTTP API',
  });
  // Its function reads tables that the pipeline's provisioning makes.
  api.addStackDependency(pipeline);
  const observability = new ObservabilityStack(scope, stackName(stage.stage, 'observability'), {
    stage,
    description: 'Event platform: dashboards, alarms, saved queries',
  });
  // It reads names that they have said.
  observability.addStackDependency(stateful);
  observability.addStackDependency(pipeline);
  Tags.of(scope).add('application', 'nlj-events');
  Tags.of(scope).add('stage', stage.stage);
  return { stateful, pipeline, api, observability };
}
