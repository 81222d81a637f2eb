-- Voiding, erasure, generations of the index, announcements (spec: projections.md, delivery.md).

-- Which statement voids which; kept also while the target is not there yet.
create table voiding (
  statement_id  uuid primary key,
  target_id     uuid not null
);
create index voiding_target on voiding (target_id);

-- An erased row keeps id, place and erased_at: no body, no hash, no person.
alter table statement
  alter column body drop not null,
  alter column canonical_hash drop not null,
  alter column received_hash drop not null,
  add column erased_at timestamptz,
  -- Of what the platform decided: the statement whose acceptance decided it.
  add column caused_by uuid,
  drop constraint statement_index_state_check,
  add constraint statement_index_state_check check (index_state in ('pending', 'indexed', 'refused', 'erased')),
  add constraint statement_erased check (
    (erased_at is null and body is not null and canonical_hash is not null and received_hash is not null)
    or (erased_at is not null and body is null and canonical_hash is null and received_hash is null
        and delivery is null and agent_key is null and index_state = 'erased'));
drop index statement_unconfirmed;
create index statement_unconfirmed on statement (stored) where index_state in ('pending', 'refused');
create index statement_agent on statement (agent_key) where agent_key is not null;
create index statement_stored on statement (stored, id);

-- The agent key of an identifier seen alone: what rows carry that came before it was attached to an account.
alter table agent_identity add column alone_key text not null;
create index agent_identity_alone on agent_identity (alone_key);

-- Salted hashes of the identifiers of erased people.
create table erased_identity (
  hash       bytea primary key,
  erased_at  timestamptz not null default now()
);

-- Erasures whose second sweep is due; a row goes with its sweep.
create table erasure (
  id          uuid primary key,
  agent_keys  text[] not null,
  erased_at   timestamptz not null default now()
);

alter table dead_letter
  drop constraint dead_letter_state_check,
  add constraint dead_letter_state_check check (state in ('waiting', 'replayed', 'discarded', 'erased'));

-- building: written, not yet read. live: written and read. retiring: no longer written, until no function can still write to it.
alter table index_generation
  drop constraint index_generation_state_check,
  add constraint index_generation_state_check check (state in ('building', 'live', 'retiring', 'retired')),
  add column mapping_hash text,
  -- Everything up to this id has been copied.
  add column copied_to uuid,
  add column changed timestamptz not null default now();
create unique index index_generation_one on index_generation (state) where state in ('building', 'live');

-- Decisions' statements on their way to Kafka, in decision order per key.
create table outbox (
  sequence      bigint generated always as identity primary key,
  statement_id  uuid not null unique,
  topic         text not null,
  key           text not null,
  body          json not null,
  created       timestamptz not null default now(),
  published     timestamptz
);
create index outbox_waiting on outbox (sequence) where published is null;
