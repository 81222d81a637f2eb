import type { Entry, RejectionClass, Validated } from './entry.ts';

/** What happened to the records of one batch: counts and rule names only. */
export interface BatchCounts {
  readonly received: number;
  accepted: number;
  duplicates: number;
  /** Records of erased people or under erased ids: nothing of them is kept but their place. */
  erased: number;
  /** Documents confirmed, duplicates that had waited included. */
  indexed: number;
  documentsRefused: number;
  /** Statements of this project's own that were decided: the relay publishes them. */
  announced: number;
  /** Records reported to come again. */
  retried: number;
  /** Dead letters by class. */
  readonly rejected: Partial<Record<RejectionClass, number>>;
  /** Dead letters by rule; one that broke several counts under each. */
  readonly rules: Record<string, number>;
  /** Records by the upcasting rule that fired. */
  readonly upcast: Readonly<Record<string, number>>;
}

/** Counts of a batch before it is written. */
export function countEntries(entries: readonly Entry<Validated>[]): BatchCounts {
  const upcast: Record<string, number> = {};
  for (const entry of entries) {
    if (entry.kind === 'rejected') continue;
    for (const rule of entry.upcast.rules) upcast[rule] = (upcast[rule] ?? 0) + 1;
  }
  return {
    received: entries.length,
    accepted: 0,
    duplicates: 0,
    erased: 0,
    indexed: 0,
    documentsRefused: 0,
    announced: 0,
    retried: 0,
    rejected: {},
    rules: {},
    upcast,
  };
}
