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
  /** Rows of the ledger that were written or changed, decisions included. */
  ledgerWrites: number;
  /** Records whose document became searchable. */
  searchable: number;
  /** Of those, later than the objective. */
  late: number;
  /** Longest time from a record to its searchable document; null where there is none. */
  freshMillis: number | null;
  /** Milliseconds by step. */
  readonly steps: { ledger: number; index: number; deadLetters: number };
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
  /** Records in which any rule fired. */
  readonly upcastRecords: number;
}

/** Counts of a batch before it is written. */
export function countEntries(entries: readonly Entry<Validated>[]): BatchCounts {
  const upcast: Record<string, number> = {};
  let upcastRecords = 0;
  for (const entry of entries) {
    if (entry.kind === 'rejected') continue;
    if (entry.upcast.rules.length > 0) upcastRecords += 1;
    for (const rule of entry.upcast.rules) upcast[rule] = (upcast[rule] ?? 0) + 1;
  }
  return {
    received: entries.length,
    accepted: 0,
    duplicates: 0,
    erased: 0,
    indexed: 0,
    documentsRefused: 0,
    ledgerWrites: 0,
    searchable: 0,
    late: 0,
    freshMillis: null,
    steps: { ledger: 0, index: 0, deadLetters: 0 },
    announced: 0,
    retried: 0,
    rejected: {},
    rules: {},
    upcast,
    upcastRecords,
  };
}

/** Counts records that have become searchable now. @param recordTimes milliseconds since the epoch. */
export function countSearchable(
  counts: BatchCounts,
  recordTimes: readonly number[],
  { now, objectiveMillis }: { readonly now: number; readonly objectiveMillis: number },
): void {
  counts.searchable += recordTimes.length;
  for (const time of recordTimes) {
    const millis = Math.max(0, now - time);
    counts.freshMillis = Math.max(counts.freshMillis ?? 0, millis);
    if (millis > objectiveMillis) counts.late += 1;
  }
}
