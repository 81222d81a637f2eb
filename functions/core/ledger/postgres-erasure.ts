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

/** Of rejected records, those whose dead letter was erased, or that name an erased person: they get rows without bytes. */
export async function eraseRejected(
  pool: pg.Pool,
  group: string,
  records: readonly RejectedRecord[],
  pepper: Pepper,
): Promise<Set<RejectedRecord>> {
  const people = await erasedPeople(pool, new Set(records.flatMap(({ personIds }) => personIds)), pepper);
  const places = records.map(({ record, class: rejectionClass, personIds }, position) => ({
    ...coordinatesRow(record),
    class: rejectionClass,
    position,
    named: personIds.some((id) => people.has(id)),
  }));
  const { rows } = await pool.query<{ position: number }>(eraseSql, [JSON.stringify(places), group]);
  const positions = new Set(rows.map(({ position }) => position));
  return new Set(records.filter((_, position) => positions.has(position)));
}

const eraseSql = `
  with r as (
    select * from json_to_recordset($1::json) as r(cluster text, topic text, partition integer, "offset" bigint,
                                                   record_time timestamptz, class text, position integer, named boolean)),
  erased as (
    insert into dead_letter (cluster, topic, partition, "offset", record_time, topic_group, class, errors, bucket, object_key, state)
    select cluster, topic, partition, "offset", record_time, $2, class, '[]', '', '', 'erased' from r where named
     order by cluster, topic, partition, "offset", record_time
    on conflict (cluster, topic, partition, "offset", record_time) do nothing)
  select r.position from r
   where r.named
      or exists (select 1 from dead_letter d
                  where (d.cluster, d.topic, d.partition, d."offset", d.record_time)
                      = (r.cluster, r.topic, r.partition, r."offset", r.record_time) and d.state = 'erased')`;
