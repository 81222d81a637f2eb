import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { RecordCoordinates } from '../kafka/record.ts';

/** A record's place as SQL reads it from JSON. */
export function coordinatesRow(record: RecordCoordinates) {
  return {
    cluster: record.cluster,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    record_time: new Date(record.timestamp).toISOString(),
  };
}

export function deadLetterRow({ record, key, group, rejection, bucket, objectKey }: DeadLetter) {
  return {
    ...coordinatesRow(record),
    topic_group: group,
    key: key?.toString('hex') ?? null,
    class: rejection.class,
    errors: JSON.stringify(rejection.errors),
    bucket,
    object_key: objectKey,
  };
}

/** Upserts rows; one that does not wait any more stays as it is. */
export const upsertDeadLetters = `
  insert into dead_letter (cluster, topic, partition, "offset", record_time, topic_group, key, class, errors, bucket, object_key)
  select cluster, topic, partition, "offset", record_time, topic_group, decode(key, 'hex'), class, errors::json, bucket, object_key
    from json_to_recordset($1::json) as r(
           cluster text, topic text, partition integer, "offset" bigint, record_time timestamptz, topic_group text, key text,
           class text, errors text, bucket text, object_key text)
   order by cluster, topic, partition, "offset", record_time
  on conflict (cluster, topic, partition, "offset", record_time) do update
     set class = excluded.class, errors = excluded.errors, bucket = excluded.bucket, object_key = excluded.object_key,
         attempts = dead_letter.attempts + 1, last_seen = now()
   where dead_letter.state = 'waiting'`;

/** Records that the ledger has wait no longer, however they came. Locked in the order of their coordinates, after all else. */
export const closeDeadLetters = `
  with known as (
    select d.cluster, d.topic, d.partition, d."offset", d.record_time
      from json_to_recordset($1::json) as r(cluster text, topic text, partition integer, "offset" bigint, record_time timestamptz)
      join dead_letter d using (cluster, topic, partition, "offset", record_time)
     where d.state = 'waiting'
     order by cluster, topic, partition, "offset", record_time
       for update of d)
  update dead_letter d
     set state = 'replayed', last_seen = now()
    from known
   where (d.cluster, d.topic, d.partition, d."offset", d.record_time)
       = (known.cluster, known.topic, known.partition, known."offset", known.record_time)
     and d.state = 'waiting'`;
