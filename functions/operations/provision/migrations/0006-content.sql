-- Content generation (spec: projections.md). Agent keys, no names. What people write is in json or text columns: prompts,
-- messages and comments are shown to nobody by this project.

-- A generation session as its events make it: written anew from all of them whenever one arrives (decision 0006).
create table generation_session (
  id                      uuid primary key,
  attempt                 integer not null default 1,
  status                  text not null default 'requested'
                          check (status in ('requested', 'processing', 'completed', 'failed', 'cancelled')),
  prompt_config           json,
  source_document_ids     text[],
  progress_percentage     double precision check (progress_percentage between 0 and 100),
  current_step            text,
  error_message           text,
  error_type              text,
  content_id              uuid,
  generated_content_size  bigint,
  tokens_used             bigint,
  duration_seconds        double precision,
  -- Who asked for it.
  agent_key               text,
  -- Of the first request.
  created_at              timestamptz,
  -- Of the attempt's request, first start and terminal event.
  requested_at            timestamptz,
  started_at              timestamptz,
  completed_at            timestamptz,
  -- Terminal events that said another thing than the first one of their attempt.
  contradictions          integer not null default 0
);
create index generation_session_status on generation_session (status);

create table generation_event (
  statement_id  uuid primary key,
  session_id    uuid not null,
  kind          text not null
                check (kind in ('requested', 'started', 'progressed', 'completed', 'failed', 'cancelled')),
  occurred      timestamptz not null,
  agent_key     text,
  -- By their bare names, as they came.
  extensions    json not null
);
create index generation_event_session on generation_event (session_id);
create index generation_event_agent on generation_event (agent_key);

-- One row per statement: content.modified, .imported, .reviewed.
create table content_activity (
  statement_id              uuid primary key,
  kind                      text not null check (kind in ('modified', 'imported', 'reviewed')),
  -- What it was done to: one of the two.
  session_id                uuid,
  content_id                uuid,
  occurred                  timestamptz not null,
  agent_key                 text,
  modification_type         text,
  modification_description  text,
  import_source             text,
  import_type               text,
  imported_items_count      bigint,
  review_status             text,
  reviewer_comments         text,
  check ((session_id is null) <> (content_id is null))
);
create index content_activity_session on content_activity (session_id, occurred);
create index content_activity_content on content_activity (content_id, occurred);
create index content_activity_agent on content_activity (agent_key);
