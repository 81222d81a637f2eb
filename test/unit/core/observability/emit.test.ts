import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { countEntries, countSearchable } from '../../../../functions/core/batch/counts.ts';
import { batchMetrics, emitBatch } from '../../../../functions/core/observability/batch-metrics.ts';
import { metricEmitter } from '../../../../functions/core/observability/emit.ts';
import { type MetricDefinition, metricCatalogue } from '../../../../functions/core/observability/metric-catalogue.ts';

const emf = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.literal('NljEvents'),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ]),
  }),
});

let lines: z.infer<typeof emf>[] = [];

beforeEach(() => {
  lines = [];
  // Outside Lambda, Powertools writes by the console.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(emf.parse(JSON.parse(line)));
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const batch = () => {
  const counts = countEntries([]);
  counts.accepted = 3;
  counts.rejected.invalid = 2;
  counts.rejected.conflict = 1;
  counts.rules['statement-verb'] = 2;
  return counts;
};

describe('an emitter', () => {
  it('writes one line for a service, by service and for the stage as a whole', () => {
    metricEmitter('dev', 'survey').service({ received: 5, late: 0 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?._aws.CloudWatchMetrics[0].Dimensions).toEqual([['stage', 'service'], ['stage']]);
    expect(lines[0]).toMatchObject({ stage: 'dev', service: 'survey', received: 5, late: 0 });
  });

  it('writes a line for a rule, by stage and rule alone, whatever was written before', () => {
    const emitter = metricEmitter('dev', 'survey');
    emitter.service({ received: 5 });
    emitter.of('rule', 'statement-verb', { rejectedByRule: 2 });
    expect(lines[1]?._aws.CloudWatchMetrics[0].Dimensions).toEqual([['stage', 'rule']]);
    expect(lines[1]).not.toHaveProperty('service');
    expect(lines[1]).not.toHaveProperty('received');
  });

  it('gives each metric the unit of the catalogue', () => {
    const catalogue: Readonly<Record<string, MetricDefinition>> = metricCatalogue;
    emitBatch(metricEmitter('dev', 'survey'), { counts: batch(), steps: {}, replayed: false });
    const emitted = lines.flatMap((line) => line._aws.CloudWatchMetrics[0].Metrics);
    expect(emitted.length).toBeGreaterThan(20);
    for (const { Name, Unit } of emitted) expect(Unit, Name).toBe(catalogue[Name]?.unit);
  });
});

describe('a batch', () => {
  it('is one line, with one for each rule and class', () => {
    emitBatch(metricEmitter('dev', 'survey'), { counts: batch(), steps: {}, replayed: false });
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatchObject({ accepted: 3, rejected: 3, conflicts: 1, deadLetters: 3 });
    expect(lines.slice(2).map((line) => [line['class'], line['deadLettersByClass']])).toEqual([
      ['invalid', 2],
      ['conflict', 1],
    ]);
  });

  it('emits every metric of the topic groups but those that others measure', () => {
    const counts = batch();
    countSearchable(counts, [0], { now: 1_000, objectiveMillis: 60_000 });
    const emitted = Object.keys(batchMetrics({ counts, steps: {}, replayed: false }));
    const expected = Object.entries(metricCatalogue)
      .filter(([name, { emittedBy, breakdown }]) => {
        const by: readonly string[] = emittedBy;
        return by.includes('groups') && breakdown === 'service' && name !== 'unreadAge';
      })
      .map(([name]) => name);
    expect(emitted.sort()).toEqual(expected.sort());
  });

  it('is late where it became searchable after the objective', () => {
    const counts = batch();
    countSearchable(counts, [100_000, 40_000, 39_999], { now: 100_000, objectiveMillis: 60_000 });
    expect(counts).toMatchObject({ searchable: 3, late: 1, freshMillis: 60_001 });
  });

  it('is not younger than nothing where a producer sets its clock ahead', () => {
    const counts = batch();
    countSearchable(counts, [200_000], { now: 100_000, objectiveMillis: 60_000 });
    expect(counts).toMatchObject({ late: 0, freshMillis: 0 });
  });

  it('counts against no objective where dead letters are replayed', () => {
    const counts = batch();
    countSearchable(counts, [0], { now: 10_000_000, objectiveMillis: 60_000 });
    const values = batchMetrics({ counts, steps: {}, replayed: true });
    expect(values).toMatchObject({ late: 0, searchable: 0 });
    expect(values).not.toHaveProperty('freshness');
  });
});
