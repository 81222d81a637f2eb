import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, cutIntoCells, type Waiting } from '../../../../functions/analytics/survey/cut.ts';
import { joinToBlocks } from '../../../../functions/analytics/survey/join.ts';
import { type Concerned, smallestGroupToldApart } from '../../../support/attacker.ts';

const questions = ['q1', 'q2', 'q3'];
const fields = ['department', 'location', 'job_level'] as const;

interface Person extends Waiting {
  readonly answered: readonly string[];
}

interface Published {
  readonly members: readonly Person[];
  readonly firstDay: string;
  readonly lastDay: string;
  readonly labels: Waiting['demographics'];
}

const person = fc.record({
  day: fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-05', '2026-03-09'),
  demographics: fc.record(
    {
      department: fc.constantFrom('Sales', 'Service', 'Stores'),
      location: fc.constantFrom('Leeds', 'York'),
      job_level: fc.constantFrom('Lead', 'Associate'),
    },
    { requiredKeys: [] },
  ),
  answered: fc.subarray(questions),
});

/** People as they come, and when somebody reads. */
const histories = fc.array(fc.array(person, { maxLength: 70 }), { minLength: 1, maxLength: 5 }).map((rounds) =>
  rounds.map((people, round) =>
    people.map((one, index) => ({
      ...one,
      agentKey: `${round}-${index}`,
      day: `${one.day.slice(0, 8)}${10 + round}`,
    })),
  ),
);
const thresholds = fc.integer({ min: 4, max: 8 });

/** What is closed after each round: it is never cut again. */
function closings(history: readonly (readonly Person[])[], threshold: number) {
  let waiting: Person[] = [];
  const cells: Cell<Person>[] = [];
  const pending = new Map(questions.map((question) => [question, new Set<number>()]));
  const blocks = new Map<string, Published[]>(questions.map((question) => [question, []]));
  return history.map((people) => {
    waiting.push(...people);
    const closed = cutIntoCells(waiting, threshold);
    if (closed.length > 0) waiting = [];
    for (const cell of closed) {
      for (const cellsLeft of pending.values()) cellsLeft.add(cells.length);
      cells.push(cell);
    }
    for (const question of questions) {
      const left = pending.get(question) ?? new Set();
      const due = [...left].map((cell) => ({
        cell,
        labels: cells[cell]?.labels ?? {},
        answered: answerers(cells[cell]?.members ?? [], question).length,
      }));
      for (const block of joinToBlocks(due, threshold)) {
        const parts = block.cells.flatMap((cell) => cells[cell] ?? []);
        for (const cell of block.cells) left.delete(cell);
        const days = parts.flatMap(({ firstDay, lastDay }) => [firstDay, lastDay]).sort();
        blocks.get(question)?.push({
          members: answerers(
            parts.flatMap(({ members }) => members),
            question,
          ),
          firstDay: days[0] ?? '',
          lastDay: days.at(-1) ?? '',
          labels: block.labels,
        });
      }
    }
    return { cells: [...cells], blocks: new Map([...blocks].map(([question, list]) => [question, [...list]])) };
  });
}

function answerers(members: readonly Person[], question: string): Person[] {
  return members.filter(({ answered }) => answered.includes(question));
}

/** Every figure of every window, whole and by every field, with its groups and what is in none. */
function figuresOf(published: readonly Published[]): Concerned[] {
  const days = [...new Set(published.flatMap(({ firstDay, lastDay }) => [firstDay, lastDay]))].sort();
  const windows = days.flatMap((from) => days.map((to) => ({ from, to })));
  return windows.flatMap(({ from, to }) => {
    const shown = published.filter(({ firstDay, lastDay }) => firstDay >= from && lastDay <= to);
    const groups = fields.flatMap((field) => [...Map.groupBy(shown, ({ labels }) => labels[field]).values()]);
    return [shown, ...groups].map(
      (parts) => new Set(parts.flatMap(({ members }) => members.map((one) => one.agentKey))),
    );
  });
}

describe('whoever has every answer that was ever given', () => {
  it('tells no group of respondents apart that is smaller than the threshold', () => {
    fc.assert(
      fc.property(histories, thresholds, (history, threshold) => {
        const figures = closings(history, threshold).flatMap(({ cells }) => figuresOf(cells));
        const group = smallestGroupToldApart(figures);
        expect(group?.length ?? threshold).toBeGreaterThanOrEqual(threshold);
      }),
    );
  });

  it('tells no group of those who answered a question apart that is smaller than the threshold', () => {
    fc.assert(
      fc.property(histories, thresholds, (history, threshold) => {
        const states = closings(history, threshold);
        for (const question of questions) {
          const figures = states.flatMap(({ blocks }) => figuresOf(blocks.get(question) ?? []));
          const group = smallestGroupToldApart(figures);
          expect(group?.length ?? threshold).toBeGreaterThanOrEqual(threshold);
        }
      }),
    );
  });

  it('would single people out if groups were of everybody so far, each of the threshold or more', () => {
    const careless = (history: readonly (readonly Person[])[], threshold: number): Concerned[] =>
      history.flatMap((_, round) => {
        const everybody = history.slice(0, round + 1).flat();
        const groups = fields.flatMap((field) => [
          ...Map.groupBy(everybody, ({ demographics }) => demographics[field]).values(),
        ]);
        return [everybody, ...groups]
          .filter(({ length }) => length >= threshold)
          .map((people) => new Set(people.map(({ agentKey }) => agentKey)));
      });
    const result = fc.check(
      fc.property(histories, thresholds, (history, threshold) => {
        const group = smallestGroupToldApart(careless(history, threshold));
        return group === null || group.length >= threshold;
      }),
    );
    expect(result.failed).toBe(true);
  });
});

describe('cells', () => {
  it('hold everybody who waits once, and as many as the threshold', () => {
    fc.assert(
      fc.property(histories, thresholds, (history, threshold) => {
        const everybody = history.flat();
        const cells = cutIntoCells(everybody, threshold);
        const counted = cells.flatMap(({ members }) => members.map(({ agentKey }) => agentKey));
        expect(counted.sort()).toEqual(
          everybody.length < threshold ? [] : everybody.map(({ agentKey }) => agentKey).sort(),
        );
        for (const { members } of cells) expect(members.length).toBeGreaterThanOrEqual(threshold);
      }),
    );
  });

  it('do not depend on the order in which those who wait are read', () => {
    const told = (cells: readonly Cell[]) =>
      cells.map(({ members, ...cell }) => ({ ...cell, members: members.map(({ agentKey }) => agentKey).sort() }));
    fc.assert(
      fc.property(histories, thresholds, (history, threshold) => {
        const everybody = history.flat();
        expect(told(cutIntoCells(everybody.toReversed(), threshold))).toEqual(told(cutIntoCells(everybody, threshold)));
      }),
    );
  });

  it('are of one group where that has enough people, the rest apart from it', () => {
    const of = (department: string, from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        agentKey: String(from + index),
        day: '2026-03-01',
        demographics: { department },
      }));
    const cells = cutIntoCells([...of('Sales', 0, 9), ...of('Service', 20, 3), ...of('Stores', 30, 6)], 5);
    expect(cells.map(({ labels, members }) => [labels.department, members.length])).toEqual([
      ['Sales', 9],
      [undefined, 9],
    ]);
  });

  it('join the last days to those before, where they have too few people', () => {
    const on = (day: string, from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ agentKey: String(from + index), day, demographics: {} }));
    const days = (...waiting: readonly Waiting[]) =>
      cutIntoCells(waiting, 5).map(({ firstDay, lastDay, members }) => [firstDay, lastDay, members.length]);
    const first = on('2026-03-01', 0, 40);
    expect(days(...first, ...on('2026-03-02', 50, 3))).toEqual([['2026-03-01', '2026-03-02', 43]]);
    expect(days(...first, ...on('2026-03-02', 50, 5))).toEqual([
      ['2026-03-01', '2026-03-01', 40],
      ['2026-03-02', '2026-03-02', 5],
    ]);
  });
});
