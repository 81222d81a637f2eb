import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordsOf } from '../../../../functions/core/kafka/record.ts';
import { planInvocations } from '../../../../functions/operations/dead-letters/plan.ts';

const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));
const item = fc.record({
  group: fc.constantFrom('survey', 'learning'),
  record: fc.record({
    cluster: fc.constantFrom('arn:aws:kafka:eu-west-1:1:cluster/a/1', 'arn:aws:kafka:eu-west-1:1:cluster/b/2'),
    topic: fc.constantFrom('xapi-events', 'nlj.survey.responses'),
    partition: fc.nat(2),
    offset: fc.nat(5),
    timestamp: fc.nat(),
    timestampType: fc.constantFrom('CREATE_TIME', 'LOG_APPEND_TIME'),
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.array(fc.record({ name: fc.string(), value: bytes }), { maxLength: 3 }),
  }),
});
const limits = { records: 4, bytes: 1_500 };

describe('a replay plan', () => {
  it('covers each selected record exactly once, with its own bytes and coordinates', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (items) => {
        const plan = planInvocations(items, limits);
        const planned = plan.flatMap((invocation) => invocation.items);
        expect(planned).toHaveLength(items.length);
        expect(new Set(planned)).toEqual(new Set(items));
        for (const { event, items: inOrder, group } of plan) {
          expect(recordsOf(event)).toEqual(inOrder.map(({ record }) => record));
          expect(inOrder.every((one) => one.group === group)).toBe(true);
        }
      }),
    );
  });

  it('keeps to its limits, and no invocation holds a place of Kafka twice', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (items) => {
        for (const { event, items: inOrder } of planInvocations(items, limits)) {
          const places = inOrder.map(({ record }) => `${record.topic}/${record.partition}/${record.offset}`);
          expect(new Set(places).size).toBe(places.length);
          expect(inOrder.length).toBeLessThanOrEqual(limits.records);
          const size = Object.values(event.records)
            .flat()
            .reduce((sum, one) => sum + JSON.stringify(one).length + 1, 0);
          expect(inOrder.length === 1 || size <= limits.bytes).toBe(true);
        }
      }),
    );
  });

  it('keeps the order of a group and partition', () => {
    const records = [3, 1, 2].map((offset) => ({
      group: 'learning',
      record: {
        cluster: 'arn:a',
        topic: 'xapi-events',
        partition: 0,
        offset,
        timestamp: 1,
        timestampType: 'CREATE_TIME',
        key: null,
        value: null,
        headers: [],
      },
    }));
    expect(planInvocations(records)[0]?.items.map(({ record }) => record.offset)).toEqual([3, 1, 2]);
  });
});
