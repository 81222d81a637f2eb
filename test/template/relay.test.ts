import { Match } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import { stageNames, templatesOf } from './support/synthesize.ts';

describe.each(stageNames)('the relay of %s', (name) => {
  const { pipeline } = templatesOf(name);

  it('runs every minute for what it was not told of', () => {
    pipeline.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OutboxRelayFunction'), 'Arn'] }, Input: '{}' }],
    });
  });

  it('comes after provisioning, which makes outbox and topics', () => {
    pipeline.hasResource('AWS::Lambda::Function', {
      Properties: { FunctionName: `nlj-events-${name}-relay` },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ProvisioningTrigger')]),
    });
  });
});
