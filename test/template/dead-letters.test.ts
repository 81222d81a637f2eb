import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { requestSchema, scheduledReplay } from '../../functions/operations/dead-letters/request.ts';
import { stageNames, templatesOf } from './support/synthesize.ts';

const rule = z.object({
  Properties: z.object({
    ScheduleExpression: z.string().optional(),
    Targets: z.tuple([
      z.object({ Input: z.string().optional(), InputTransformer: z.object({ InputTemplate: z.string() }).optional() }),
    ]),
  }),
});

describe.each(stageNames)('dead letters of %s', (name) => {
  const { stateful, pipeline } = templatesOf(name);
  const rules = Object.values(pipeline.findResources('AWS::Events::Rule')).map(
    (resource) => rule.parse(resource).Properties,
  );

  it('are announced by the bucket without a custom resource', () => {
    stateful.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    stateful.resourceCountIs('Custom::S3BucketNotifications', 0);
    pipeline.resourceCountIs('Custom::S3BucketNotifications', 0);
  });

  it('that a mapping gave up are admitted by a request', () => {
    pipeline.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [Match.anyValue()] }, object: { key: [{ prefix: 'aws/lambda/' }] } },
      },
    });
    const template = rules.find(({ ScheduleExpression }) => ScheduleExpression === undefined)?.Targets[0];
    const request = template?.InputTransformer?.InputTemplate.replace(/<[^>]+>/, '"aws/lambda/key"') ?? '{}';
    expect(requestSchema.parse(JSON.parse(request))).toEqual({ action: 'admit', objectKey: 'aws/lambda/key' });
  });

  it('are swept up and replayed by a schedule while the stores are healthy', () => {
    const scheduled = rules
      .filter(({ ScheduleExpression }) => ScheduleExpression === 'rate(5 minutes)')
      .flatMap(({ Targets: [{ Input = '{}' }] }) => requestSchema.safeParse(JSON.parse(Input)).data ?? []);
    expect(scheduled).toHaveLength(2);
    expect(scheduled).toContainEqual({ action: 'sweep' });
    expect(scheduled).toContainEqual(requestSchema.parse(scheduledReplay));
    expect(requestSchema.parse(scheduledReplay)).toMatchObject({ filter: { class: 'exhausted' }, whenHealthy: true });
  });
});
