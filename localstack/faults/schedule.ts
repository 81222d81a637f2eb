import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** What happens in one run: data, so that it can be printed, repeated and shrunk. */
export interface Schedule {
  /** Seed of the workload. */
  readonly seed: number;
  /** Records of the mixed workload; faults of records bring their own besides. */
  readonly records: number;
  readonly faults: readonly PlannedFault[];
}

/** One fault of a schedule. No schedule has the same one twice. */
export interface PlannedFault {
  readonly name: string;
  /** Milliseconds from the first record to its begin. */
  readonly at: number;
  /** Milliseconds from its begin until it is mended. */
  readonly lasts: number;
}

/** A random schedule: one to three faults, each within the first seconds of 100 to 300 records. A pure function of its seed. */
export function randomSchedule(seed: number, names: readonly string[]): Schedule {
  const random = xoroshiro128plus(seed);
  const between = (low: number, high: number) => uniformInt(random, low, high);
  const left = [...names];
  const count = Math.min(left.length, between(1, 3));
  const faults = Array.from({ length: count }, (): PlannedFault => {
    const [name = ''] = left.splice(between(0, left.length - 1), 1);
    return { name, at: 50 * between(0, 40), lasts: 100 * between(5, 30) };
  });
  return { seed, records: between(100, 300), faults };
}

/** Schedules that are simpler than one in a single respect, the simplest first. */
export function simpler(schedule: Schedule): Schedule[] {
  const { records, faults } = schedule;
  const without = faults.map((_, position) => ({
    ...schedule,
    faults: faults.filter((__, other) => other !== position),
  }));
  const fewer = records >= 20 ? [{ ...schedule, records: Math.floor(records / 2) }] : [];
  const shorter = faults.flatMap((fault, position) =>
    fault.lasts >= 1_000
      ? [{ ...schedule, faults: faults.with(position, { ...fault, lasts: Math.floor(fault.lasts / 2) }) }]
      : [],
  );
  return [...without, ...fewer, ...shorter];
}

/**
 * The simplest schedule found that still fails: takes the first simpler one that fails and goes on from there.
 * @param tries how many runs it may cost
 */
export async function shrink(
  schedule: Schedule,
  fails: (schedule: Schedule) => Promise<boolean>,
  tries: number,
): Promise<Schedule> {
  let current = schedule;
  let left = tries;
  for (;;) {
    let found: Schedule | null = null;
    for (const candidate of simpler(current)) {
      if (left <= 0) return current;
      left -= 1;
      if (await fails(candidate)) {
        found = candidate;
        break;
      }
    }
    if (found === null) return current;
    current = found;
  }
}

/** The schedule of faults by themselves, one soon after the other. */
export function plainSchedule(
  faults: readonly { readonly name: string; readonly seconds: number }[],
  { seed, records }: Pick<Schedule, 'seed' | 'records'>,
): Schedule {
  return {
    seed,
    records,
    faults: faults.map(({ name, seconds }, position) => ({ name, at: 300 + 1_000 * position, lasts: 1_000 * seconds })),
  };
}
