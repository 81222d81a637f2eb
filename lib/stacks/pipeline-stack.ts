import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { topicGroups } from '../catalogue.ts';
import { DeadLetterOperations } from '../constructs/dead-letter-operations.ts';
import { ExportFunction } from '../constructs/export-function.ts';
import { Maintenance } from '../constructs/maintenance.ts';
import { OutboxRelay } from '../constructs/outbox-relay.ts';
import { Provisioning } from '../constructs/provisioning.ts';
import { SecretRotation } from '../constructs/secret-rotation.ts';
import { ShowFunction } from '../constructs/show-function.ts';
import type { Stores } from '../constructs/stores.ts';
import { TopicGroup } from '../constructs/topic-group.ts';
import type { StageConfiguration } from '../stage/schema.ts';

export interface PipelineStackProps extends StackProps {
  readonly stage: StageConfiguration;
  readonly stores: Stores;
}

/** What works on the stores: provisioning, then a function and its mappings for each topic group. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, { stage, stores, ...props }: PipelineStackProps) {
    super(scope, id, props);
    const { nodeFunction, trigger } = new Provisioning(this, 'Provisioning', { stage, stores });
    new CfnOutput(this, 'ProvisionFunction', { value: nodeFunction.function.functionName });
    const relay = new OutboxRelay(this, 'OutboxRelay', { stage, stores });
    trigger.executeBefore(relay);
    new CfnOutput(this, 'RelayFunction', { value: relay.nodeFunction.function.functionName });
    const groups: TopicGroup[] = [];
    for (const group of topicGroups) {
      const construct = new TopicGroup(this, group.name, { stage, stores, group, relay });
      // A mapping whose topic is missing, or whose function meets no tables, would spend its first attempts for nothing.
      trigger.executeBefore(construct);
      new CfnOutput(this, `Function-${group.name}`, { value: construct.nodeFunction.function.functionName });
      groups.push(construct);
    }
    const deadLetters = new DeadLetterOperations(this, 'DeadLetterOperations', { stage, stores, groups });
    trigger.executeBefore(deadLetters);
    if (stores.database.instance !== undefined) {
      new SecretRotation(this, 'SecretRotation', { stage, stores, instance: stores.database.instance });
    }
    const show = new ShowFunction(this, 'ShowFunction', { stage, stores });
    trigger.executeBefore(show);
    new CfnOutput(this, 'Show', { value: show.nodeFunction.function.functionName });
    const exporting = new ExportFunction(this, 'ExportFunction', { stage, stores });
    trigger.executeBefore(exporting);
    new CfnOutput(this, 'Export', { value: exporting.nodeFunction.function.functionName });
    const maintenance = new Maintenance(this, 'Maintenance', { stage, stores });
    trigger.executeBefore(maintenance);
    new CfnOutput(this, 'MaintenanceFunction', { value: maintenance.nodeFunction.function.functionName });
    new CfnOutput(this, 'DeadLettersFunction', { value: deadLetters.nodeFunction.function.functionName });
  }
}
