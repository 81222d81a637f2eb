import { groupOfTopic } from '../../../lib/catalogue.ts';
import { mappingPrefix } from '../../core/dead-letter/dead-letter.ts';
import { ConfigurationError, TransientError } from '../../core/errors.ts';
import type { AnswerTo } from './answer.ts';
import { readGivenUpBatch } from './batch-object.ts';
import type { DeadLetterTable, GivenUp } from './dead-letter-table.ts';
import type { Originals } from './originals.ts';
import type { AdmitRequest } from './request.ts';

export interface AdmissionStores {
  readonly table: DeadLetterTable;
  readonly originals: Originals;
  readonly bucket: string;
  readonly hasTime: () => boolean;
}

/**
 * Gives each record of a batch that a mapping gave up a `dead_letter` row that points to the batch, unless the ledger or
 * a dead letter has it. Admitting a batch again changes nothing.
 *
 * @throws Error if the object is gone or is no such batch, or a record is of a topic that no group consumes.
 */
export async function admit(
  { objectKey }: AdmitRequest,
  { table, originals, bucket }: AdmissionStores,
): Promise<AnswerTo<'admit'>> {
  if (!objectKey.startsWith(mappingPrefix))
    throw new Error(`Batches that a mapping gave up lie under ${mappingPrefix}`);
  const text = await originals.read(objectKey);
  if (text === null) throw new Error(`There is no object ${objectKey}`);
  const { condition, records } = readGivenUpBatch(text);
  const errors = [
    {
      path: '$',
      rule: 'exhausted',
      requirement: 'event source mapping',
      expected: 'a batch that succeeds within the attempts of its mapping',
      found: condition,
    },
  ];
  const admitted = await table.admit(
    { bucket, objectKey },
    records.map((record): GivenUp => {
      const group = groupOfTopic(record.topic);
      if (group === undefined) throw new Error(`No topic group consumes ${record.topic}`);
      return { record, group, errors };
    }),
  );
  return { action: 'admit', records: records.length, admitted };
}

/** Admits every batch in the bucket that was not yet, as far as there is time; what is no batch is counted and passed over. */
export async function sweep(stores: AdmissionStores): Promise<AnswerTo<'sweep'>> {
  const counts = { batches: 0, admitted: 0, unreadable: 0 };
  for await (const objectKeys of stores.originals.list(mappingPrefix)) {
    for (const objectKey of await stores.table.unadmitted(objectKeys)) {
      if (!stores.hasTime()) return { action: 'sweep', ...counts };
      try {
        const { admitted } = await admit({ action: 'admit', objectKey }, stores);
        counts.batches += 1;
        counts.admitted += admitted;
      } catch (error) {
        if (error instanceof TransientError || error instanceof ConfigurationError) throw error;
        counts.unreadable += 1;
      }
    }
  }
  return { action: 'sweep', ...counts };
}
