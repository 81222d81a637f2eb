import pMap from 'p-map';
import { ledgerEntryOf } from '../../../../functions/core/batch/process-batch.ts';
import type { Ledger } from '../../../../functions/core/ledger/ledger.ts';
import { writeChunk } from '../../../../functions/core/ledger/write.ts';
import { validated } from '../../../support/entries.ts';
import type { TrainingMessage } from '../../../support/training.ts';
import type { Database } from '../../support/database.ts';

/** One batch through the ledger, as a function's instance does it. @throws Error if a statement is not accepted. */
export async function deliver(ledger: Ledger, messages: readonly TrainingMessage[]): Promise<void> {
  const entries = messages.map(({ topic, statement }) => ledgerEntryOf('training', validated(statement, { topic })));
  const { outcomes } = await writeChunk(ledger, entries);
  const refused = outcomes.filter(({ kind }) => kind !== 'accepted' && kind !== 'duplicate');
  if (refused.length > 0) throw new Error(`Not accepted: ${JSON.stringify(refused)}`);
}

/** Batches by several instances at once, each taking the next one. */
export async function deliverAtOnce(
  ledger: Ledger,
  batches: readonly (readonly TrainingMessage[])[],
  instances = 6,
): Promise<void> {
  await pMap(batches, (batch) => deliver(ledger, batch), { concurrency: instances });
}

export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let from = 0; from < items.length; from += size) batches.push(items.slice(from, from + size));
  return batches;
}

/** The same items in another order, by numbers that a test draws. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

export const emptySql = `truncate statement, outbox, agent, training_program, training_session, training_booking,
  attendance_record, certificate, scheduling_resource, scheduling_conflict`;

/** Announcements in the order of the outbox. */
export async function announcements(database: Database) {
  const { rows } = await database.pool.query<{
    event: string;
    key: string;
    topic: string;
    booking: string | null;
    detail: string | null;
    others: readonly string[] | null;
    actor: string | null;
  }>(
    `select s.event, o.key, o.topic, e ->> 'http://nlj.platform/extensions/booking_id' as booking,
            coalesce(e ->> 'http://nlj.platform/extensions/confirmation_method',
                     e ->> 'http://nlj.platform/extensions/rejection_reason',
                     e ->> 'http://nlj.platform/extensions/waitlist_position') as detail,
            e -> 'http://nlj.platform/extensions/conflicting_sessions' as others,
            o.body -> 'actor' -> 'account' ->> 'name' as actor
       from outbox o join statement s on s.id = o.statement_id
            cross join lateral (select o.body -> 'context' -> 'extensions' as e) as extensions
      order by o.sequence`,
  );
  return rows;
}
