import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { functionNames, functionsUnderTest } from './support/functions.ts';
import { stage, stageNames, templatesOf } from './support/synthesize.ts';

const lambda = z.object({
  Properties: z.object({
    FunctionName: z.string().optional(),
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
  }),
});

function variables(name: string, functionName: string): Record<string, unknown> {
  const functions = [templatesOf(name).pipeline, templatesOf(name).api].flatMap((template) =>
    Object.values(template.findResources('AWS::Lambda::Function')),
  );
  const found = functions
    .map((resource) => lambda.parse(resource).Properties)
    .find(({ FunctionName }) => FunctionName === functionName);
  return found?.Environment?.Variables ?? {};
}

describe.each(stageNames)('functions of %s', (name) => {
  const { pipeline, api } = templatesOf(name);

  it.each(functionNames)('%s is as all of ours are', (short) => {
    const stack = functionsUnderTest[short]?.stack === 'api' ? api : pipeline;
    stack.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `nlj-events-${name}-${short}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: Match.anyValue() },
      Timeout: functionsUnderTest[short]?.timeout ?? stage(name).function.timeoutSeconds,
      MemorySize: stage(name).function.memoryMiB,
      VpcConfig: { SecurityGroupIds: Match.anyValue(), SubnetIds: Match.anyValue() },
    });
    stack.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/lambda/nlj-events-${name}-${short}`,
      RetentionInDays: stage(name).logRetentionDays,
    });
  });

  it.each(functionNames)('%s has the environment that it reads', (short) => {
    const has = Object.keys(variables(name, `nlj-events-${name}-${short}`)).sort();
    const reads = Object.keys(functionsUnderTest[short]?.environment.shape ?? {});
    expect(has).toEqual([...reads, 'NODE_OPTIONS'].sort());
  });

  it('have no secret in their environment', () => {
    for (const short of functionNames) {
      const text = JSON.stringify(variables(name, `nlj-events-${name}-${short}`));
      expect(text).not.toContain('resolve:secretsmanager');
      expect(text).not.toMatch(/"[A-Z_]*(PASSWORD|PEPPER|TOKEN)[A-Z_]*":/);
    }
  });

  it('reach the stores by rules of the stack that owns them', () => {
    const ports = [pipeline, api]
      .flatMap((stack) => Object.values(stack.findResources('AWS::EC2::SecurityGroupIngress')))
      .map(({ Properties }) => Properties.FromPort);
    const needed = Object.values(functionsUnderTest).flatMap(({ environment: { shape } }) => [
      ...('OPENSEARCH_ENDPOINT' in shape ? [443] : []),
      ...('DATABASE_HOST' in shape ? [5432] : []),
      ...('KAFKA_BOOTSTRAP_SERVERS' in shape ? [9098] : []),
    ]);
    expect(ports.sort()).toEqual(needed.sort());
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
