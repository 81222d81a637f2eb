/** The anonymity rule over plain arrays (decision 0008), for people who all wait when the first cells are closed. */
import { groupBy, sum } from './measures.ts';
import { type Answer, type Field, fields, type Person } from './survey-facts.ts';

/** People who are told about only together. */
export interface Cell {
  readonly people: readonly Person[];
  readonly groups: Person['groups'];
  readonly first: string;
  readonly last: string;
}

/** Cells whose answers to one question are told about only together. */
export interface Block extends Cell {
  readonly answers: readonly Answer[];
}

export function cellsOf(people: readonly Person[], k: number): Cell[] {
  if (people.length < k) return [];
  return runsOfDays(people, k)
    .flatMap((run) => fields.reduce((parts, field) => parts.flatMap((part) => splitBy(part, field, k)), [run]))
    .map(together);
}

/** Whole days, as many as it takes for 8 k people; fewer than k at the end belong to the run before. */
function runsOfDays(people: readonly Person[], k: number): Person[][] {
  const runs: Person[][] = [[]];
  for (const day of [...new Set(people.map((person) => person.day))].sort()) {
    if ((runs.at(-1)?.length ?? 0) >= 8 * k) runs.push([]);
    runs.at(-1)?.push(...people.filter((person) => person.day === day));
  }
  const rest = runs.length > 1 && (runs.at(-1)?.length ?? 0) < k ? (runs.pop() ?? []) : [];
  return [...runs.slice(0, -1), [...(runs.at(-1) ?? []), ...rest]];
}

/** Groups of k or more, largest first, and the others together: if they are fewer than k, with the smallest group. */
function splitBy(people: readonly Person[], field: Field, k: number): Person[][] {
  const values = [...new Set(people.map(({ groups }) => groups[field]))].filter((value) => value !== undefined).sort();
  const groups = values
    .map((value) => people.filter((person) => person.groups[field] === value))
    .filter(({ length }) => length >= k)
    .sort((a, b) => b.length - a.length);
  const others = () => people.filter((person) => !groups.flat().includes(person));
  if (others().length > 0 && others().length < k) groups.pop();
  return others().length > 0 ? [...groups, others()] : groups;
}

function together(people: readonly Person[]): Cell {
  const days = people.map(({ day }) => day).sort();
  return { people, groups: shared(people.map(({ groups }) => groups)), first: days[0] ?? '', last: days.at(-1) ?? '' };
}

function shared(all: readonly Person['groups'][]): Person['groups'] {
  return Object.fromEntries(
    Object.entries(all[0] ?? {}).filter(([field, value]) =>
      all.every((groups) => Object.entries(groups).some(([f, v]) => f === field && v === value)),
    ),
  );
}

/** Blocks of answers that `answersOf` takes from people, each with k answers or more. */
export function blocksOf(cells: readonly Cell[], answersOf: (person: Person) => readonly Answer[], k: number): Block[] {
  const count = (part: readonly Cell[]) =>
    sum(part.flatMap(({ people }) => people.map((person) => answersOf(person).length)));
  const enough = cells.filter((cell) => count([cell]) >= k);
  const few = cells.filter((cell) => !enough.includes(cell));
  const alike = [...groupBy(few, ({ groups }) => fields.map((field) => String(groups[field])).join('\n')).values()].map(
    (part) => gather(part, (open) => count(open) >= k),
  );
  const left = alike.flatMap(({ rest }) => rest);
  const mixed = gather(
    few.filter((cell) => left.includes(cell)),
    (open) => count(open) >= k,
  );
  return [...enough.map((cell) => [cell]), ...alike.flatMap(({ full }) => full), ...mixed.full].map((part) => ({
    ...together(part.flatMap(({ people }) => people)),
    groups: shared(part.map(({ groups }) => groups)),
    answers: part.flatMap(({ people }) => people.flatMap(answersOf)),
  }));
}

function gather<T>(items: readonly T[], isFull: (open: readonly T[]) => boolean) {
  const full: T[][] = [];
  let rest: T[] = [];
  for (const item of items) {
    rest = [...rest, item];
    if (isFull(rest)) {
      full.push(rest);
      rest = [];
    }
  }
  return { full, rest };
}
