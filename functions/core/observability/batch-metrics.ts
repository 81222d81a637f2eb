import type { BatchCounts } from '../batch/counts.ts';
import type { Emitter, ServiceValues } from './emit.ts';

export interface MeasuredBatch {
  readonly counts: BatchCounts;
  /** What the steps in front of the stores took, in milliseconds. */
  readonly steps: Readonly<Record<string, number>>;
  /** Replayed dead letters: their age is the operator's, so it counts against no objective. */
  readonly replayed: boolean;
}

const sum = (counts: Readonly<Record<string, number | undefined>>) =>
  Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0);

/** The metrics of one batch, as one line. */
export function batchMetrics({ counts, steps, replayed }: MeasuredBatch): ServiceValues {
  const rejected = sum(counts.rejected);
  return {
    received: counts.received,
    accepted: counts.accepted,
    duplicates: counts.duplicates,
    conflicts: counts.rejected.conflict ?? 0,
    rejected,
    erasedRecords: counts.erased,
    retried: counts.retried,
    upcastRecords: counts.upcastRecords,
    ledgerWrites: counts.ledgerWrites,
    indexWrites: counts.indexed,
    documentsRefused: counts.documentsRefused,
    deadLetters: rejected,
    batchSize: counts.received,
    incorrect: counts.documentsRefused,
    searchable: replayed ? 0 : counts.searchable,
    late: replayed ? 0 : counts.late,
    ...(replayed || counts.freshMillis === null ? {} : { freshness: counts.freshMillis }),
    decodeMillis: steps['decode'] ?? 0,
    upcastMillis: steps['upcast'] ?? 0,
    validateMillis: steps['validate'] ?? 0,
    ledgerMillis: counts.steps.ledger,
    indexMillis: counts.steps.index,
    deadLetterMillis: counts.steps.deadLetters,
  };
}

/** Emits what a batch came to: a line for the batch, and one for each rule that fired and each class of dead letters. */
export function emitBatch(emitter: Emitter, batch: MeasuredBatch): void {
  const { counts } = batch;
  emitter.service(batchMetrics(batch));
  for (const rule of new Set([...Object.keys(counts.upcast), ...Object.keys(counts.rules)])) {
    const upcast = counts.upcast[rule];
    const rejected = counts.rules[rule];
    emitter.of('rule', rule, {
      ...(upcast === undefined ? {} : { upcastByRule: upcast }),
      ...(rejected === undefined ? {} : { rejectedByRule: rejected }),
    });
  }
  for (const [rejectionClass, letters] of Object.entries(counts.rejected)) {
    emitter.of('class', rejectionClass, { deadLettersByClass: letters });
  }
}
