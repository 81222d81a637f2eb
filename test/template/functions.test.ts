import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  deadLettersEnvironment,
  provisionEnvironment,
  relayEnvironment,
  showEnvironment,
  topicGroupEnvironment,
} from '../../functions/core/environment.ts';
import { topicGroups } from '../../lib/catalogue.ts';
import { stage, stageNames, templatesOf } from './support/synthesize.ts';

const groups = topicGroups.map(({ name }) => name);
const operations = ['provision', 'dead-letters', 'relay', 'show'];
/** Seconds, where a function has not the stage's timeout. */
const timeouts: Readonly<Record<string, number>> = { 'dead-letters': 900, relay: 180, show: 30 };

const lambda = z.object({
  Properties: z.object({
    FunctionName: z.string().optional(),
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
  }),
});

function variables(name: string, functionName: string): Record<string, unknown> {
  const functions = Object.values(templatesOf(name).pipeline.findResources('AWS::Lambda::Function'));
  const found = functions
    .map((resource) => lambda.parse(resource).Properties)
    .find(({ FunctionName }) => FunctionName === functionName);
  return found?.Environment?.Variables ?? {};
}

describe.each(stageNames)('functions of %s', (name) => {
  const { pipeline } = templatesOf(name);

  it.each([...groups, ...operations])('%s is as all of ours are', (short) => {
    pipeline.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `nlj-events-${name}-${short}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: Match.anyValue() },
      Timeout: timeouts[short] ?? stage(name).function.timeoutSeconds,
      MemorySize: stage(name).function.memoryMiB,
      VpcConfig: { SecurityGroupIds: Match.anyValue(), SubnetIds: Match.anyValue() },
    });
    pipeline.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/lambda/nlj-events-${name}-${short}`,
      RetentionInDays: stage(name).logRetentionDays,
    });
  });

  it.each(groups)('%s has the environment that it reads', (short) => {
    const has = Object.keys(variables(name, `nlj-events-${name}-${short}`)).sort();
    expect(has).toEqual([...Object.keys(topicGroupEnvironment.shape), 'NODE_OPTIONS'].sort());
  });

  it.each([
    ['provision', provisionEnvironment],
    ['dead-letters', deadLettersEnvironment],
    ['relay', relayEnvironment],
    ['show', showEnvironment],
  ] as const)('%s has the environment that it reads', (short, schema) => {
    const has = Object.keys(variables(name, `nlj-events-${name}-${short}`)).sort();
    expect(has).toEqual([...Object.keys(schema.shape), 'NODE_OPTIONS'].sort());
  });

  it('have no secret in their environment', () => {
    for (const short of [...groups, ...operations]) {
      const text = JSON.stringify(variables(name, `nlj-events-${name}-${short}`));
      expect(text).not.toContain('resolve:secretsmanager');
      expect(text).not.toMatch(/"[A-Z_]*(PASSWORD|PEPPER|TOKEN)[A-Z_]*":/);
    }
  });

  it('reach the stores by rules of the pipeline stack', () => {
    const ports = Object.values(pipeline.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => Properties.FromPort,
    );
    const times = (count: number, port: number) => Array.from({ length: count }, () => port);
    const withIndex = groups.length + 2;
    const all = groups.length + operations.length;
    expect(ports.sort()).toEqual([...times(withIndex, 443), ...times(all, 5432), ...times(2, 9098)]);
  });
});

it('provisioning runs again when its bundle changes: the trigger names a version', () => {
  const { pipeline } = templatesOf('dev');
  const [version] = Object.keys(pipeline.findResources('AWS::Lambda::Version'));
  pipeline.hasResourceProperties('Custom::Trigger', {
    HandlerArn: { Ref: version },
    InvocationType: 'RequestResponse',
    ExecuteOnHandlerChange: true,
  });
});
