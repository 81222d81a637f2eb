import { type Demographics, demographicFields } from '../../core/search/demographics.ts';
import { sharedLabels } from './cut.ts';

/** A closed cell that is in no block of a component yet. */
export interface WaitingCell {
  readonly cell: number;
  readonly labels: Demographics;
  /** How many of its respondents have a value of the component. */
  readonly answered: number;
}

/** Cells whose values of a component are told about only together, from now on. */
export interface Block {
  readonly cells: readonly number[];
  readonly labels: Demographics;
}

/**
 * Joins cells to blocks in which `threshold` respondents or more have a value: a cell that has as many is one by itself, the
 * others join with those of the same demographics, then with whatever is left, in the order of their numbers. Cells that
 * do not get so far wait.
 */
export function joinToBlocks(waiting: readonly WaitingCell[], threshold: number): readonly Block[] {
  const inOrder = [...waiting].sort((left, right) => left.cell - right.cell);
  const alone = inOrder.filter(({ answered }) => answered >= threshold);
  const alike = new Map<string, WaitingCell[]>();
  for (const cell of inOrder) {
    if (cell.answered >= threshold) continue;
    const key = JSON.stringify(demographicFields.map((field) => cell.labels[field] ?? null));
    alike.set(key, [...(alike.get(key) ?? []), cell]);
  }
  const blocks = alone.map((cell) => [cell]);
  const left: WaitingCell[] = [];
  for (const cells of alike.values()) {
    const runs = runsOf(cells, threshold);
    blocks.push(...runs.full);
    left.push(...runs.rest);
  }
  blocks.push(
    ...runsOf(
      left.sort((one, other) => one.cell - other.cell),
      threshold,
    ).full,
  );
  return blocks.map((cells) => ({
    cells: cells.map(({ cell }) => cell),
    labels: sharedLabels(cells.map(({ labels }) => labels)),
  }));
}

function runsOf(cells: readonly WaitingCell[], threshold: number) {
  const full: WaitingCell[][] = [];
  let open: WaitingCell[] = [];
  let answered = 0;
  for (const cell of cells) {
    open.push(cell);
    answered += cell.answered;
    if (answered < threshold) continue;
    full.push(open);
    open = [];
    answered = 0;
  }
  return { full, rest: open };
}
