import { describe, expect, it } from 'vitest';
import { type MappingSettings, mappingFaults } from '../../lib/constructs/mapping-check.ts';

const good: MappingSettings = {
  topic: 't',
  partitions: 6,
  functionTimeoutSeconds: 300,
  batchSize: 500,
  windowSeconds: 1,
  startingPosition: 'TRIM_HORIZON',
  pollers: { minimum: 1, maximum: 4, groupName: 'shared' },
  reportBatchItemFailures: true,
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: 10_000,
  maximumRecordAge: -1,
  onFailureDestination: 's3',
  metrics: ['EventCount'],
};

const bare: MappingSettings = {
  topic: 't',
  partitions: 6,
  functionTimeoutSeconds: 300,
  batchSize: 500,
  windowSeconds: 1,
  startingPosition: 'TRIM_HORIZON',
};

describe('mapping check', () => {
  it('accepts our own settings, and a plain mapping', () => {
    expect(mappingFaults(good)).toEqual([]);
    expect(mappingFaults(bare)).toEqual([]);
  });

  it.each<[string, Partial<MappingSettings>]>([
    ['maximumRetryAttempts', { maximumRetryAttempts: 5 }],
    ['maximumRecordAge', { maximumRecordAge: 60 }],
    ['bisectBatchOnFunctionError', { bisectBatchOnFunctionError: true }],
    ['reportBatchItemFailures', { reportBatchItemFailures: true }],
    ['a Kafka on-failure destination', { onFailureDestination: 'kafka' }],
    ['metrics', { metrics: ['EventCount'] }],
  ])('refuses %s without provisioned mode', (name, setting) => {
    expect(mappingFaults({ ...bare, ...setting })).toEqual([`t: ${name} needs provisioned mode: set pollers`]);
  });

  it.each<[string, Partial<MappingSettings>, RegExp]>([
    ['endless retries with a destination', { maximumRetryAttempts: -1 }, /silently capped at 10/],
    ['a function that may run longer than a poller waits', { functionTimeoutSeconds: 841 }, /at most 14 minutes/],
    ['batches above the limit', { batchSize: 10_001 }, /batchSize must be 1 to 10000/],
    ['empty batches', { batchSize: 0 }, /batchSize must be 1 to 10000/],
    ['a window above the limit', { windowSeconds: 301 }, /windowSeconds must be 0 to 300/],
    ['LATEST', { startingPosition: 'LATEST' }, /use TRIM_HORIZON/],
    ['more pollers at least than at most', { pollers: { minimum: 3, maximum: 2 } }, /must not exceed pollers.maximum/],
    ['more pollers than partitions', { pollers: { minimum: 1, maximum: 7 } }, /the topic's 6 partitions/],
  ])('refuses %s', (_, change, rule) => {
    const faults = mappingFaults({ ...good, ...change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(rule);
  });

  it('allows endless retries without a destination', () => {
    expect(mappingFaults({ ...good, maximumRetryAttempts: -1, onFailureDestination: undefined })).toEqual([]);
  });

  it('takes the limits themselves', () => {
    const limits = { batchSize: 10_000, windowSeconds: 300, functionTimeoutSeconds: 840 };
    expect(mappingFaults({ ...good, ...limits })).toEqual([]);
  });
});
