-- What operators do with dead letters: why one was discarded, and the order that lists and replays page by.

alter table dead_letter add column discard_reason text;
create index dead_letter_order on dead_letter (first_seen, cluster, topic, partition, "offset", record_time);
create index dead_letter_exhausted on dead_letter (first_seen) where state = 'waiting' and class = 'exhausted';

-- Batches that a mapping gave up and whose records have their rows: what the sweep of the bucket need not read again.
create table given_up_batch (
  object_key  text primary key,
  records     integer not null,
  admitted    timestamptz not null default now()
);
