import { type Demographics, demographicFields } from '../../core/search/demographics.ts';

/** A respondent who is in no cell yet and is not expected to answer more. */
export interface Waiting {
  readonly agentKey: string;
  /** UTC day on which the response began, YYYY-MM-DD. */
  readonly day: string;
  readonly demographics: Demographics;
}

/** Respondents who are told about only together, from now on. */
export interface Cell<Member extends Waiting = Waiting> {
  readonly members: readonly Member[];
  readonly firstDay: string;
  readonly lastDay: string;
  /** Demographics that all members share. */
  readonly labels: Demographics;
}

/** Days are joined until they have so many times the threshold: enough for groups, few enough for a trend. */
export const thresholdsPerRun = 8;

/**
 * Cuts those who wait into cells of `threshold` people or more: by days first, then by one demographic after the other, as
 * far as every part keeps that many. What a field would leave over, fewer than the threshold, takes the smallest group
 * along. Nobody is left out; fewer than the threshold make no cell. Answers are not looked at.
 */
export function cutIntoCells<Member extends Waiting>(
  waiting: readonly Member[],
  threshold: number,
): readonly Cell<Member>[] {
  if (waiting.length < threshold) return [];
  return byDays(waiting, threshold)
    .flatMap((run) => byFields(run, demographicFields, threshold))
    .map(cellOf);
}

function byDays<Member extends Waiting>(waiting: readonly Member[], threshold: number): Member[][] {
  const days = groupBy(waiting, ({ day }) => day);
  const runs: Member[][] = [];
  let open: Member[] = [];
  for (const day of [...days.keys()].sort()) {
    open.push(...(days.get(day) ?? []));
    if (open.length >= thresholdsPerRun * threshold) {
      runs.push(open);
      open = [];
    }
  }
  const last = runs.at(-1);
  if (last !== undefined && open.length < threshold) last.push(...open);
  else if (open.length > 0) runs.push(open);
  return runs;
}

function byFields<Member extends Waiting>(
  members: readonly Member[],
  [field, ...rest]: readonly (typeof demographicFields)[number][],
  threshold: number,
): (readonly Member[])[] {
  if (field === undefined) return [members];
  const groups: { readonly value: string; readonly group: readonly Member[] }[] = [];
  const others: Member[] = [];
  for (const [value, group] of groupBy(members, ({ demographics }) => demographics[field])) {
    if (value !== undefined && group.length >= threshold) groups.push({ value, group });
    else others.push(...group);
  }
  groups.sort((left, right) => right.group.length - left.group.length || (left.value < right.value ? -1 : 1));
  if (others.length > 0 && others.length < threshold) others.push(...(groups.pop()?.group ?? []));
  const parts = groups.map(({ group }) => group);
  if (others.length > 0) parts.push(others);
  return parts.flatMap((part) => byFields(part, rest, threshold));
}

function cellOf<Member extends Waiting>(members: readonly Member[]): Cell<Member> {
  const days = members.map(({ day }) => day).sort();
  const labels = sharedLabels(members.map(({ demographics }) => demographics));
  return { members, firstDay: days[0] ?? '', lastDay: days.at(-1) ?? '', labels };
}

/** The demographics in which all agree. */
export function sharedLabels(all: readonly Demographics[]): Demographics {
  const [first, ...rest] = all;
  const shared = demographicFields.flatMap((field) => {
    const value = first?.[field];
    return value !== undefined && rest.every((other) => other[field] === value) ? [[field, value] as const] : [];
  });
  return Object.fromEntries(shared);
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
