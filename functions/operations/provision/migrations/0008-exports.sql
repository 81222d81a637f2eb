-- Exports: one row per job (docs/decisions/0010-exports-and-data-sets.md). Files are objects; a row holds nobody's data.

create table export_job (
  id            uuid primary key,
  format        text not null check (format in ('csv', 'json')),
  data_type     text not null check (data_type in ('overview', 'learners', 'activities', 'statements')),
  since         timestamptz,
  until         timestamptz,
  state         text not null default 'requested' check (state in ('requested', 'running', 'finished', 'failed', 'expired')),
  failure       text check (failure in ('interrupted', 'internal')),
  requested_at  timestamptz not null default now(),
  -- When the worker was last invoked: nobody else needs to, for a while.
  invoked_at    timestamptz not null default now(),
  -- Workers that took it; the number of the last one is the attempt.
  attempts      integer not null default 0,
  -- Until when the attempt is thought alive; null where nobody works on it.
  lease_until   timestamptz,
  finished_at   timestamptz,
  object_key    text,
  row_count     bigint,
  byte_count    bigint,
  constraint export_job_finished check (
    (state in ('finished', 'expired')) = (row_count is not null and byte_count is not null)
    and (state = 'finished') = (object_key is not null)
    and (state = 'failed') = (failure is not null))
);
create index export_job_file on export_job (finished_at) where object_key is not null;
