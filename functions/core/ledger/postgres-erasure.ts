import type pg from 'pg';
import { erasedHash, mailboxId, type Pepper } from '../people/person.ts';
import type { LedgerEntry, RejectedRecord } from './ledger.ts';
import { coordinatesRow } from './postgres-dead-letters.ts';

/** Of these people, those who were erased. */
export async function erasedPeople(
  client: pg.ClientBase | pg.Pool,
  personIds: Iterable<string>,
  pepper: Pepper,
): Promise<Set<string>> {
  const byHash = new Map([...personIds].map((id) => [erasedHash(pepper, id).toString('hex'), id]));
  const erased = new Set<string>();
  if (byHash.size === 0) return erased;
  const { rows } = await client.query<{ hash: string }>(
    `select encode(hash, 'hex') as hash from erased_identity where hash = any($1::bytea[])`,
    [[...byHash.keys()].map((hash) => Buffer.from(hash, 'hex'))],
  );
  for (const { hash } of rows) {
    const id = byHash.get(hash);
    if (id !== undefined) erased.add(id);
  }
  return erased;
}

/** Everything that may name a person in an entry: the actor, and both sides of the link that it brings. */
export function personIdsOf({ person, identityLink }: LedgerEntry): string[] {
  return [
    ...(person === null ? [] : [person.id]),
    ...(identityLink === undefined ? [] : [mailboxId(identityLink.mbox), `user:${identityLink.userId}`]),
  ];
}

/** Whether the entry is about an erased person: its actor is one, or came with the mailbox of one. */
export function isErased({ person, identityLink }: LedgerEntry, erased: ReadonlySet<string>): boolean {
  if (person === null) return false;
  if (erased.has(person.id)) return true;
  return (
    identityLink !== undefined && identityLink.userId === person.userId && erased.has(mailboxId(identityLink.mbox))
  );
}

/** Of rejected records, those whose dead letter was erased, or that name an erased person. */
export async function erasedRecords(
  pool: pg.Pool,
  records: readonly RejectedRecord[],
  pepper: Pepper,
): Promise<Set<RejectedRecord>> {
  const people = await erasedPeople(pool, new Set(records.flatMap(({ personIds }) => personIds)), pepper);
  const places = records.map(({ record }, position) => ({ ...coordinatesRow(record), position }));
  const { rows } = await pool.query<{ position: number }>(
    `select r.position
       from json_to_recordset($1::json) as r(cluster text, topic text, partition integer, "offset" bigint, record_time timestamptz, position integer)
       join dead_letter d using (cluster, topic, partition, "offset", record_time)
      where d.state = 'erased'`,
    [JSON.stringify(places)],
  );
  const positions = new Set(rows.map(({ position }) => position));
  return new Set(
    records.filter(({ personIds }, position) => positions.has(position) || personIds.some((id) => people.has(id))),
  );
}
