import pMap from 'p-map';
import { deadLetterPrefix, mappingPrefix } from '../../core/dead-letter/dead-letter.ts';
import type { RecordCoordinates, SourceRecord } from '../../core/kafka/record.ts';
import { coordinatesRow } from '../../core/ledger/postgres-dead-letters.ts';
import { execute } from '../../core/ledger/transaction.ts';
import { namesPerson, withoutPerson } from '../../core/people/mentions.ts';
import type { LetterObjects } from './letter-objects.ts';
import type { Subject } from './person.ts';
import type { MaintenanceStores } from './stores.ts';

const concurrency = 16;

/**
 * Erases the dead letters that name a person: the row keeps its place and nothing else, so that the record coming again
 * leaves no bytes; then the object goes with all its versions. A batch that holds other records too is written anew
 * without those of the person. Every object of the bucket is read.
 */
export async function eraseLetters(
  stores: Pick<MaintenanceStores, 'pool' | 'hasTime'>,
  letters: LetterObjects,
  subject: Subject,
  dryRun: boolean,
): Promise<{ readonly deadLetters: number; readonly complete: boolean }> {
  let deadLetters = 0;
  for (const prefix of [deadLetterPrefix, mappingPrefix]) {
    for await (const keys of letters.list(prefix)) {
      if (!stores.hasTime()) return { deadLetters, complete: false };
      const counts = await pMap(keys, (key) => eraseFrom(stores, letters, key, subject, dryRun), { concurrency });
      deadLetters += counts.reduce((sum, count) => sum + count, 0);
    }
  }
  return { deadLetters, complete: true };
}

async function eraseFrom(
  { pool }: Pick<MaintenanceStores, 'pool'>,
  letters: LetterObjects,
  key: string,
  subject: Subject,
  dryRun: boolean,
): Promise<number> {
  const held = await letters.read(key);
  const named = held.records.filter((record) => recordNames(record, subject));
  if (named.length === 0 || dryRun) return named.length;
  await eraseLetterRows(pool, named);
  const kept = held.records.filter((record) => !named.includes(record));
  if (kept.length === 0) await letters.removeVersions(key);
  else await letters.rewrite(key, held, kept);
  return named.length;
}

/** Rows keep coordinates, group, class and times. */
export async function eraseLetterRows(
  pool: MaintenanceStores['pool'],
  records: readonly RecordCoordinates[],
): Promise<void> {
  await execute(
    pool,
    `update dead_letter d
        set state = 'erased', key = null, errors = '[]', bucket = '', object_key = '', discard_reason = null
       from json_to_recordset($1::json) as r(cluster text, topic text, partition integer, "offset" bigint, record_time timestamptz)
      where (d.cluster, d.topic, d.partition, d."offset", d.record_time) = (r.cluster, r.topic, r.partition, r."offset", r.record_time)`,
    [JSON.stringify(records.map(coordinatesRow))],
  );
}

/** Whether key, headers or value name the person; a value that is JSON is looked through as such. */
export function recordNames({ key, value, headers }: SourceRecord, subject: Subject): boolean {
  const texts = [key, ...headers.map((header) => header.value)].map((bytes) => bytes?.toString() ?? '');
  if (texts.some((text) => namesPerson(text, subject))) return true;
  const text = value?.toString() ?? '';
  if (namesPerson(text, subject)) return true;
  try {
    const json: unknown = JSON.parse(text);
    return withoutPerson(json, subject) !== json;
  } catch {
    return false;
  }
}
