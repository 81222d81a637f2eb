-- What survey figures are read from: frozen sums over closed cells of respondents (decision 0008).

alter table survey_answer
  -- What the answer says of its question.
  add column question_title text,
  add column question_text  text,
  add column scale_min      double precision,
  add column scale_max      double precision,
  add column score_scaled   double precision;

create index survey_answer_agent on survey_answer (agent_key, survey_id);
create index survey_response_agent on survey_response (agent_key);

-- Who responded, since when the platform knows it, and in which cell he is counted; null: he waits.
create table survey_respondent (
  survey_id  text not null,
  agent_key  text not null,
  arrived    timestamptz not null default now(),
  cell       integer,
  primary key (survey_id, agent_key)
);
create index survey_respondent_waiting on survey_respondent (survey_id, arrived) where cell is null;
create index survey_respondent_cell on survey_respondent (survey_id, cell) where cell is not null;
insert into survey_respondent (survey_id, agent_key) select survey_id, agent_key from survey_response;

-- One row per survey, to lock while cells are closed.
create table survey_closing (survey_id text primary key);

-- A closed cell of respondents. Nothing of it changes any more; it goes when none of its respondents is left.
create table survey_cell (
  survey_id  text not null,
  cell       integer not null,
  members    integer not null check (members >= 4),
  completed  integer not null check (completed between 0 and members),
  -- UTC days on which the first and the last of them began.
  first_day  date not null,
  last_day   date not null,
  -- Demographics that all of them share.
  labels     jsonb not null,
  primary key (survey_id, cell)
);

-- What is summed over cells: `duration`, or `answer:` and the id of a question. Null: the cell waits for more answers.
create table survey_component_cell (
  survey_id  text not null,
  component  text not null,
  cell       integer not null,
  block      integer,
  primary key (survey_id, component, cell)
);
create index survey_component_cell_waiting on survey_component_cell (survey_id, component) where block is null;

-- Closed cells in which enough respondents have a value of the component. Nothing of it changes any more.
create table survey_block (
  survey_id       text not null,
  component       text not null,
  block           integer not null,
  members         integer not null check (members >= 4),
  answered        integer not null check (answered between 4 and members),
  -- Of the values.
  total           double precision,
  first_day       date not null,
  last_day        date not null,
  -- Demographics that all of them share.
  labels          jsonb not null,
  -- What enough of the answers say of their question.
  question_type   text,
  question_title  text,
  question_text   text,
  scale_min       double precision,
  scale_max       double precision,
  -- Every score.scaled is (value - 1) / 4; null where too few answers have one.
  one_to_five     boolean,
  -- Key of the order in which single answers are listed.
  salt            uuid not null default gen_random_uuid(),
  primary key (survey_id, component, block)
);

create table survey_block_value (
  survey_id      text not null,
  component      text not null,
  block          integer not null,
  numeric_value  double precision,
  choice_value   text,
  respondents    integer not null,
  check (numeric_value is not null or choice_value is not null)
);
create unique index survey_block_value_key on survey_block_value (survey_id, component, block, numeric_value, choice_value) nulls not distinct;

-- Values of the respondents in closed cells, as they are now: what a block sums when it is made.
create view survey_member_value as
  select r.survey_id, r.cell, 'answer:' || a.question_id as component, a.numeric_value, a.choice_value, a.question_type,
         a.question_title, a.question_text, a.scale_min, a.scale_max, a.score_scaled
    from survey_respondent r join survey_answer a using (survey_id, agent_key) where r.cell is not null
  union all
  select r.survey_id, r.cell, 'duration', p.duration_seconds, null, null, null, null, null, null, null
    from survey_respondent r join survey_response p using (survey_id, agent_key)
   where r.cell is not null and p.duration_seconds is not null;
