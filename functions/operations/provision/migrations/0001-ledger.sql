-- The ledger, people and dead letters (spec: projections.md). No column of type jsonb holds what came over the wire:
-- jsonb refuses \u0000 and lone surrogates, which are valid in a statement.

create table statement (
  id                uuid primary key,
  -- The statement in its stored form, without `stored` (a column); never changes.
  body              json not null,
  canonical_hash    bytea not null,
  received_hash     bytea not null,
  topic_group       text not null,
  event             text not null,
  origin            text not null check (origin in ('producer', 'platform')),
  stored            timestamptz not null,
  statement_time    timestamptz not null,
  cluster           text,
  topic             text,
  partition         integer,
  "offset"          bigint,
  record_time       timestamptz,
  -- Members that producers add to the statement: producer_id, producer_timestamp, event_id, event_type.
  delivery          json,
  upcast_rules      text[] not null default '{}',
  agent_key         text,
  voided            boolean not null default false,
  document_version  bigint not null default 1,
  index_state       text not null default 'pending' check (index_state in ('pending', 'indexed', 'refused')),
  index_refusal     text
);
comment on column statement.received_hash is 'SHA-256 of the statement as received, less delivery metadata';
comment on column statement.canonical_hash is 'SHA-256 of the comparison form (xAPI 1.0.3 Part 2, 2.3.1)';
create index statement_unconfirmed on statement (stored) where index_state <> 'indexed';
create index statement_coordinates on statement (topic, partition, "offset");

create table agent (
  agent_key   text primary key,
  person_id   text not null unique,
  user_id     text,
  email       text,
  name        text,
  -- Statement time that name and email come from: an older statement never overwrites a newer one.
  named_at    timestamptz,
  first_seen  timestamptz not null,
  last_seen   timestamptz not null
);

-- Identifiers that arrived together with an account, and the account's person they belong to.
create table agent_identity (
  identifier  text primary key,
  agent_key   text not null,
  email       text,
  -- A second account claimed the same identifier: recorded, not merged.
  ambiguous   boolean not null default false
);
create index agent_identity_person on agent_identity (agent_key);

create table dead_letter (
  cluster      text not null,
  topic        text not null,
  partition    integer not null,
  "offset"     bigint not null,
  record_time  timestamptz not null,
  topic_group  text not null,
  key          bytea,
  class        text not null,
  -- [{path, rule, requirement, expected, found}], never a value.
  errors       json not null,
  bucket       text not null,
  object_key   text not null,
  state        text not null default 'waiting' check (state in ('waiting', 'replayed', 'discarded')),
  attempts     integer not null default 1,
  first_seen   timestamptz not null default now(),
  last_seen    timestamptz not null default now(),
  primary key (cluster, topic, partition, "offset", record_time)
);
create index dead_letter_waiting on dead_letter (class, topic, first_seen) where state = 'waiting';

-- Live generations of the index: writers write to all of them and confirm each.
create table index_generation (
  generation  integer primary key,
  state       text not null check (state in ('building', 'live', 'retired')),
  created     timestamptz not null default now()
);
insert into index_generation (generation, state) values (1, 'live');
