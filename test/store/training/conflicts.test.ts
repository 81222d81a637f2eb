import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingProjection } from '../../../functions/training/projection.ts';
import {
  at,
  type MessageChanges,
  programCreated,
  sessionCancelled,
  sessionScheduled,
  type TrainingMessage,
} from '../../support/training.ts';
import { type Database, openDatabase } from '../support/database.ts';
import { announcements, batchesOf, deliverAtOnce, emptySql, shuffled } from './support/deliver.ts';

const locations = Array.from({ length: 10 }, (_, index) => `Depot ${index}`);
const instructors = Array.from({ length: 5 }, () => randomUUID());
const programs = [randomUUID(), randomUUID()];

/** One plan of a session; a later one replaces it. */
interface Plan {
  readonly start: number;
  readonly length: number | null;
  readonly location: number;
  readonly instructor: number | null;
  readonly program: number;
}

const plan = fc.record<Plan>({
  start: fc.nat(2000),
  // Null: as long as the program takes.
  length: fc.option(fc.integer({ min: 10, max: 120 }), { freq: 4 }),
  location: fc.nat(locations.length - 1),
  instructor: fc.option(fc.nat(instructors.length - 1), { freq: 2 }),
  program: fc.nat(programs.length - 1),
});

interface Planned {
  readonly id: string;
  readonly plans: readonly Plan[];
  readonly cancelled: boolean;
}

function scheduled(id: string, minute: number, plan: Plan): TrainingMessage {
  const changes: MessageChanges['with'] = {
    start_time: at(plan.start),
    end_time: plan.length === null ? undefined : at(plan.start + plan.length),
    location: locations[plan.location],
    instructor_id: plan.instructor === null ? null : instructors[plan.instructor],
    program_id: programs[plan.program],
  };
  return sessionScheduled(id, { minute, with: changes });
}

function messages({ id, plans, cancelled }: Planned): TrainingMessage[] {
  const changes = plans.map((each, index) => scheduled(id, index, each));
  return cancelled ? [...changes, sessionCancelled(id, { minute: 500 })] : changes;
}

/** Every pair that overlaps at one place or with one instructor, by the last plans alone. */
function clashes(sessions: readonly Planned[], durations: readonly number[]): string[] {
  const last = sessions.flatMap(({ id, plans, cancelled }) => {
    const final = plans.at(-1);
    if (final === undefined || cancelled) return [];
    return [{ ...final, id, end: final.start + (final.length ?? durations[final.program] ?? 120) }];
  });
  const pairs: string[] = [];
  for (const a of last) {
    for (const b of last) {
      const shared = a.location === b.location || (a.instructor !== null && a.instructor === b.instructor);
      if (a.id < b.id && shared && a.start < b.end && b.start < a.end) pairs.push(`${a.id} ${b.id}`);
    }
  }
  return pairs.sort();
}

let database: Database;
beforeAll(async () => {
  database = await openDatabase(8);
});
afterAll(() => database.close());

async function openPairs(): Promise<string[]> {
  const { rows } = await database.pool.query<{ pair: string }>(
    `select low_session_id || ' ' || high_session_id as pair from scheduling_conflict where state = 'open' order by 1`,
  );
  return rows.map(({ pair }) => pair);
}

async function detected(): Promise<string[]> {
  const told = await announcements(database);
  return told
    .filter(({ event }) => event === 'conflict.detected')
    .map(({ key, others }) => [key, ...(others ?? [])].sort().join(' '))
    .sort();
}

it('200 sessions at 10 locations, each scheduled once, in random order by 6 instances: every clashing pair is told once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 200, maxLength: 200 }),
      fc.infiniteStream(fc.double({ noNaN: true })),
      fc.integer({ min: 1, max: 20 }),
      async (plans, random, size) => {
        await database.pool.query(emptySql);
        const sessions = plans.map((each): Planned => ({ id: randomUUID(), plans: [each], cancelled: false }));
        const order = shuffled(sessions.flatMap(messages), () => random.next().value ?? 0);
        await deliverAtOnce(database.ledger([trainingProjection]), batchesOf([...order, ...order.slice(0, 20)], size));
        const expected = clashes(sessions, []);
        expect(await openPairs()).toEqual(expected);
        expect(await detected()).toEqual(expected);
      },
    ),
    { numRuns: 3, endOnFailure: true },
  );
});

it('and with changes, cancellations and programs that arrive whenever: what is open is what clashes at the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ plans: fc.array(plan, { minLength: 1, maxLength: 3 }), cancelled: fc.boolean() }), {
        minLength: 60,
        maxLength: 200,
      }),
      fc.tuple(fc.integer({ min: 10, max: 200 }), fc.integer({ min: 10, max: 200 })),
      fc.infiniteStream(fc.double({ noNaN: true })),
      fc.integer({ min: 1, max: 20 }),
      async (planned, durations, random, size) => {
        await database.pool.query(emptySql);
        const sessions = planned.map((each): Planned => ({ ...each, id: randomUUID() }));
        const arrivals = programs.map((id, index) =>
          programCreated(id, { minute: 900, with: { duration_minutes: durations[index] } }),
        );
        const order = shuffled([...sessions.flatMap(messages), ...arrivals], () => random.next().value ?? 0);
        await deliverAtOnce(database.ledger([trainingProjection]), batchesOf(order, size));
        const expected = clashes(sessions, durations);
        expect(await openPairs()).toEqual(expected);
        expect(new Set(await detected())).toEqual(new Set([...(await detected()), ...expected]));
        const rows = await database.pool.query(
          `select count(*)::int as rows, count(distinct (low_session_id, high_session_id))::int as pairs from scheduling_conflict`,
        );
        expect(rows.rows[0].rows).toBe(rows.rows[0].pairs);
      },
    ),
    { numRuns: 6, endOnFailure: true },
  );
});
