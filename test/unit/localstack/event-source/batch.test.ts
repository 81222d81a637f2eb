import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordQueue } from '../../../../localstack/event-source/batch.ts';
import { eventSize, type SourceRecord } from '../../../../localstack/event-source/event-json.ts';
import { envelope, record } from './support.ts';

const limits = { batchSize: 3, windowMs: 1000, payloadLimit: 100_000 };

describe('a batch', () => {
  it('is due when its first record has waited for the window', () => {
    const queue = createRecordQueue(envelope, limits);
    expect(queue.dueIn(0)).toBeUndefined();
    queue.push([record(0, 0)], 100);
    queue.push([record(0, 1)], 600);
    expect(queue.dueIn(700)).toBe(400);
    expect(queue.dueIn(1100)).toBe(0);
    expect(queue.cut()).toHaveLength(2);
    expect(queue.dueIn(1100)).toBeUndefined();
  });

  it('is due at once at the batch size, and holds no more than that', () => {
    const queue = createRecordQueue(envelope, limits);
    queue.push(
      [0, 1, 2, 3].map((offset) => record(0, offset)),
      0,
    );
    expect(queue.isFull()).toBe(true);
    expect(queue.dueIn(0)).toBe(0);
    expect(queue.cut().map(({ offset }) => offset)).toEqual([0, 1, 2]);
    expect(queue.dueIn(0)).toBe(1000);
  });

  it('waits for nothing without a window', () => {
    const queue = createRecordQueue(envelope, { ...limits, windowMs: 0 });
    queue.push([record(0, 0)], 5);
    expect(queue.dueIn(5)).toBe(0);
  });

  it('forgets the records of a lost partition', () => {
    const queue = createRecordQueue(envelope, limits);
    queue.push([record(0, 0), record(1, 0), record(0, 1)], 0);
    queue.drop('t-0');
    expect(queue.holds('t-0')).toBe(false);
    expect(queue.holds('t-1')).toBe(true);
    expect(queue.isFull()).toBe(false);
    expect(queue.cut().map(({ source }) => source)).toEqual(['t-1']);
  });

  it('never exceeds its limits, loses nothing and keeps the order of each partition', () => {
    const arrivals = fc.array(fc.tuple(fc.nat(3), fc.nat(900)), { maxLength: 60 });
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 500, max: 4000 }),
        (all, size, bytes) => {
          const queue = createRecordQueue(envelope, { batchSize: size, windowMs: 0, payloadLimit: bytes });
          const records = all.map(([partition, length], offset) => record(partition, offset, 0, length));
          queue.push(records, 0);
          const delivered: SourceRecord[] = [];
          while (queue.dueIn(0) !== undefined) {
            const batch = queue.cut();
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(size);
            if (batch.length > 1) {
              expect(eventSize(envelope, batch)).toBeLessThanOrEqual(bytes);
            }
            delivered.push(...batch);
          }
          expect(delivered).toEqual(records);
          expect(queue.isFull()).toBe(false);
        },
      ),
    );
  });
});
