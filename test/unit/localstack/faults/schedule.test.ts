import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faults } from '../../../../localstack/faults/catalogue.ts';
import {
  type PlannedFault,
  randomSchedule,
  type Schedule,
  shrink,
  simpler,
} from '../../../../localstack/faults/schedule.ts';

const names = faults.filter(({ random }) => random).map(({ name }) => name);
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('a random schedule', () => {
  it('is a function of its seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(randomSchedule(seed, names)).toEqual(randomSchedule(seed, names));
      }),
    );
  });

  it('has one to three different faults, each within the first seconds', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { records, faults: planned } = randomSchedule(seed, names);
        expect(planned.length).toBeGreaterThan(0);
        expect(new Set(planned.map(({ name }) => name)).size).toBe(planned.length);
        expect(planned.length).toBeLessThanOrEqual(3);
        for (const { name, at, lasts } of planned) {
          expect(names).toContain(name);
          expect(at + lasts).toBeLessThanOrEqual(5_000);
        }
        expect(records).toBeGreaterThanOrEqual(100);
      }),
    );
  });

  it('takes every fault in two hundred seeds', () => {
    const taken = Array.from({ length: 200 }, (_, seed) => randomSchedule(seed, names).faults).flat();
    expect(new Set(taken.map(({ name }) => name))).toEqual(new Set(names));
  });
});

describe('shrinking', () => {
  const has = ({ faults: planned }: Schedule, name: string): boolean => planned.some((fault) => fault.name === name);
  const fault = (name: string): PlannedFault => ({ name, at: 100, lasts: 2_000 });

  it('offers only what is simpler in one respect', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const schedule = randomSchedule(seed, names);
        const size = ({ records, faults: planned }: Schedule) =>
          records + planned.reduce((sum, { lasts }) => sum + 10_000 + lasts, 0);
        for (const candidate of simpler(schedule)) expect(size(candidate)).toBeLessThan(size(schedule));
      }),
    );
  });

  it('ends with the one fault and the few records that fail', async () => {
    const schedule = { seed: 1, records: 300, faults: [fault('a'), fault('b'), fault('c')] };
    const shrunk = await shrink(schedule, async (candidate) => has(candidate, 'b') && candidate.records > 30, 50);
    expect(shrunk.faults.map(({ name }) => name)).toEqual(['b']);
    expect(shrunk.records).toBe(37);
    expect(shrunk.faults[0]?.lasts).toBeLessThan(1_000);
  });

  it('keeps two faults that fail only together', async () => {
    const schedule = { seed: 1, records: 300, faults: [fault('a'), fault('b'), fault('c')] };
    const shrunk = await shrink(schedule, async (candidate) => has(candidate, 'a') && has(candidate, 'c'), 50);
    expect(shrunk.faults.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('stops when its tries are used up', async () => {
    let runs = 0;
    const always = async () => {
      runs += 1;
      return true;
    };
    await shrink({ seed: 1, records: 1_000_000, faults: [fault('a')] }, always, 3);
    expect(runs).toBe(3);
  });
});
