-- What survey numbers are computed from: agent keys, no names, no free text (spec: projections.md, Surveys).

create table survey_answer (
  survey_id      text not null,
  question_id    text not null,
  agent_key      text not null,
  question_type  text,
  -- The latest answer by (statement time, statement id).
  answered_at    timestamptz not null,
  statement_id   uuid not null,
  numeric_value  double precision,
  choice_value   text,
  primary key (survey_id, question_id, agent_key)
);

create table survey_response (
  survey_id           text not null,
  agent_key           text not null,
  first_seen          timestamptz not null,
  started_at          timestamptz,
  completed_at        timestamptz,
  -- Longest duration that a completion stated.
  duration_seconds    double precision,
  demographics        json not null default '{}',
  -- The statement that demographics come from.
  demographics_at     timestamptz,
  demographics_from   uuid,
  primary key (survey_id, agent_key)
);
