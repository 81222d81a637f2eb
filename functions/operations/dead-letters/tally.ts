import type { DeadLetterRow, OutcomeKind, ReplayCounts } from './answer.ts';
import type { RecordState } from './dead-letter-table.ts';
import { placeOf } from './plan.ts';

/** What became, or would become, of one record. */
export type Outcome =
  | { readonly kind: Exclude<OutcomeKind, 'rejected'> }
  | { readonly kind: 'rejected'; readonly class: string; readonly rule: string };

/** What was known before an invocation and after it. */
export interface Observation {
  readonly row: DeadLetterRow;
  readonly before: RecordState | undefined;
  readonly after: RecordState | undefined;
  /** Places that the function reported to come again; null where it did not answer. */
  readonly reported: ReadonlySet<string> | null;
}

/** The outcome of a record as the tables tell it. */
export function outcomeOf({ row, before, after, reported }: Observation): Outcome {
  const now = after?.row ?? null;
  if (now?.state === 'replayed') {
    return { kind: after?.inLedger === true && before?.inLedger !== true ? 'accepted' : 'duplicate' };
  }
  if (reported?.has(placeOf(row)) === true) return { kind: 'transient' };
  if (now !== null && now.attempts > row.attempts) {
    return { kind: 'rejected', class: now.class, rule: now.errors[0]?.rule ?? 'unknown' };
  }
  return { kind: 'waiting' };
}

/** Counts of outcomes; they add up to `selected`. */
export function tally(outcomes: readonly Outcome[]): ReplayCounts {
  const counts: ReplayCounts = {
    selected: outcomes.length,
    accepted: 0,
    duplicate: 0,
    rejected: 0,
    transient: 0,
    waiting: 0,
    unreadable: 0,
    rules: {},
  };
  for (const outcome of outcomes) {
    counts[outcome.kind] += 1;
    if (outcome.kind !== 'rejected') continue;
    const rule = `${outcome.class} ${outcome.rule}`;
    counts.rules[rule] = (counts.rules[rule] ?? 0) + 1;
  }
  return counts;
}
