import { chunkLimits, chunksOf } from '../../core/batch/chunk.ts';
import type { Rejection } from '../../core/batch/entry.ts';
import { applyRules, ledgerEntryOf, rejectionOf } from '../../core/batch/process-batch.ts';
import type { SourceRecord } from '../../core/kafka/record.ts';
import type { TrialLedger } from '../../core/ledger/trial-ledger.ts';
import { writeChunk } from '../../core/ledger/write.ts';
import { decodeRecords } from '../../core/middleware/decode.ts';
import { upcastEntry } from '../../core/middleware/upcast.ts';
import { validateEntry } from '../../core/middleware/validate.ts';
import type { Authority } from '../../core/xapi/index.ts';
import { groupProjections } from '../../projections.ts';
import { identityOf } from './originals.ts';
import type { Invocation, Replayable } from './plan.ts';
import type { Outcome } from './tally.ts';

/**
 * What the topic group's function would make of an invocation, by `identityOf` the record: the function's own steps in
 * their order, on a ledger that does not write.
 */
export async function forecast(
  { group, event }: Pick<Invocation<Replayable>, 'group' | 'event'>,
  ledger: TrialLedger,
  authority: Authority,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const put = (record: SourceRecord, outcome: Outcome) => outcomes.set(identityOf(record), outcome);
  const projections = groupProjections[group] ?? [];
  const entries = decodeRecords(event).map((entry) =>
    applyRules(validateEntry(upcastEntry(entry), { authority }), projections),
  );
  for (const entry of entries) if (entry.kind === 'rejected') put(entry.record, rejected(entry.rejection));
  const valid = entries.filter((entry) => entry.kind === 'validated');
  for (const chunk of chunksOf(valid, chunkLimits)) {
    const written = await writeChunk(
      ledger,
      chunk.map((entry) => ledgerEntryOf(group, entry)),
    );
    for (const [position, { record }] of chunk.entries()) {
      const outcome = written.outcomes[position];
      if (outcome === undefined) throw new Error('The trial ledger answered for fewer entries than it was given');
      const rejection = rejectionOf(outcome);
      if (rejection !== null) put(record, rejected(rejection));
      else put(record, { kind: outcome.kind === 'accepted' ? 'accepted' : 'duplicate' });
    }
  }
  return outcomes;
}

function rejected({ class: rejectionClass, errors }: Rejection): Outcome {
  return { kind: 'rejected', class: rejectionClass, rule: errors[0]?.rule ?? 'unknown' };
}
