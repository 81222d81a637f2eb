import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { consumerGroupId, topicGroups } from '../../lib/catalogue.ts';
import { changed, stage, stageNames, synthesize, templatesOf } from './support/synthesize.ts';

const topics = topicGroups.flatMap((group) => group.topics.map((topic) => ({ group: group.name, ...topic })));

describe.each(stageNames)('event source mappings of %s', (name) => {
  const { mapping } = stage(name);

  it('is one for each topic', () => {
    templatesOf(name).pipeline.resourceCountIs('AWS::Lambda::EventSourceMapping', topics.length);
  });

  it.each(topics)('reads $name as decided', ({ name: topic, group, partitions }) => {
    templatesOf(name).pipeline.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      Topics: [topic],
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: consumerGroupId(name, group, topic) },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.windowSeconds,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10_000,
      MaximumRecordAgeInSeconds: -1,
      ProvisionedPollerConfig: {
        MinimumPollers: 1,
        MaximumPollers: Math.min(mapping.maximumPollers, partitions),
        PollerGroupName: mapping.pollerGroupName,
      },
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      MetricsConfig: { Metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
    });
  });

  it('comes after provisioning', () => {
    const { pipeline } = templatesOf(name);
    const [trigger] = Object.keys(pipeline.findResources('Custom::Trigger'));
    expect(trigger).toBeDefined();
    for (const { DependsOn } of Object.values(pipeline.findResources('AWS::Lambda::EventSourceMapping'))) {
      expect(DependsOn).toContain(trigger);
    }
  });
});

describe('a stage file that asks for what AWS would do otherwise', () => {
  const { mapping, function: settings } = stage('dev');

  it.each([
    ['endless retries', { mapping: { ...mapping, maximumRetryAttempts: -1 } }, /capped at 10/],
    ['a long window', { mapping: { ...mapping, windowSeconds: 301 } }, /windowSeconds/],
    ['a large batch', { mapping: { ...mapping, batchSize: 10_001 } }, /batchSize/],
    ['more pollers at least than at most', { mapping: { ...mapping, minimumPollers: 5 } }, /pollers.minimum/],
    ['a long timeout', { function: { ...settings, timeoutSeconds: 900 } }, /14 minutes/],
  ])('does not synthesize with %s', (_, changes, rule) => {
    expect(() => synthesize(changed('dev', changes))).toThrow(rule);
  });
});
