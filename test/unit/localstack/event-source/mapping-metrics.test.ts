import { describe, expect, it } from 'vitest';
import { countedValues, functionMetrics, mappingMetrics } from '../../../../localstack/event-source/mapping-metrics.ts';
import { createCounters } from '../../../../localstack/event-source/status.ts';

const mapping = { uuid: 'u', metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'], provisioned: true };
const counters = () =>
  createCounters({ uuid: 'u', functionArn: 'arn:aws:lambda:r:1:function:f', topics: ['t'], consumerGroupId: 'g' });
const values = (data: ReturnType<typeof mappingMetrics>) =>
  Object.fromEntries(data.map(({ MetricName, Value }) => [MetricName, Value]));

describe('the metrics of a mapping', () => {
  it('are what was counted since the last time, and how it stands now', () => {
    const own = counters();
    own.polled = 10;
    const before = countedValues(own);
    own.polled = 25;
    own.committedRecords = 7;
    own.pollers = 4;
    expect(values(mappingMetrics(mapping, before, countedValues(own), { largest: 3, sum: 5 }, 0.5))).toEqual({
      PolledEventCount: 15,
      InvokedEventCount: 0,
      FailedInvokeEventCount: 0,
      DroppedEventCount: 0,
      OnFailureDestinationDeliveredEventCount: 0,
      CommittedEventCount: 7,
      MaxOffsetLag: 3,
      SumOffsetLag: 5,
      ProvisionedPollers: 4,
      EventPollerUnit: 2,
      EventPollerThroughputInBytes: 0,
    });
  });

  it('have errors only where there were some', () => {
    const own = counters();
    const before = countedValues(own);
    own.errors.commit += 2;
    const found = values(mappingMetrics(mapping, before, countedValues(own), null, 1));
    expect(found).toMatchObject({ CommitErrorCount: 2 });
    expect(found).not.toHaveProperty('PollingErrorCount');
    expect(found).not.toHaveProperty('MaxOffsetLag');
  });

  it('are those that the mapping asks for', () => {
    const own = countedValues(counters());
    expect(mappingMetrics({ uuid: 'u', metrics: [], provisioned: false }, own, own, { largest: 1, sum: 1 }, 1)).toEqual(
      [],
    );
  });

  it('have the mapping as their one dimension', () => {
    const own = countedValues(counters());
    for (const { Dimensions } of mappingMetrics(mapping, own, own, null, 1)) {
      expect(Dimensions).toEqual([{ Name: 'EventSourceMappingUUID', Value: 'u' }]);
    }
  });
});

it('a function has the largest lag of its mappings, and failures of destinations where there are some', () => {
  const lags = [
    { largest: 4, sum: 9 },
    { largest: 6, sum: 6 },
  ];
  const data = functionMetrics('arn:aws:lambda:r:1:function:f', lags, 2);
  expect(data.map(({ MetricName, Value }) => [MetricName, Value])).toEqual([
    ['OffsetLag', 6],
    ['DestinationDeliveryFailures', 2],
  ]);
  expect(data[0]?.Dimensions).toEqual([{ Name: 'FunctionName', Value: 'f' }]);
  expect(functionMetrics('arn:aws:lambda:r:1:function:f', [], 0)).toEqual([]);
});
