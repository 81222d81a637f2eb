-- Training (spec: projections.md). Rows can exist before the event that fills them: whatever refers to one inserts a
-- placeholder to lock. `set_by` holds, by attribute, the timestamp and id of the statement that set it. No foreign key: the
-- aggregates arrive on different topics. Learners are agent keys, with the user id of an NLJ account.

create table training_program (
  id                   uuid primary key,
  title                text,
  description          text,
  duration_minutes     double precision,
  learning_objectives  text[],
  prerequisites        uuid[],
  requires_approval    boolean,
  is_published         boolean not null default false,
  published_at         timestamptz,
  created_by           uuid,
  created_at           timestamptz,
  set_by               json not null default '{}'
);

create table training_session (
  id                   uuid primary key,
  program_id           uuid,
  title                text,
  start_time           timestamptz,
  end_time             timestamptz,
  -- The event named no end: start and the program's duration.
  end_estimated        boolean not null default false,
  timezone             text,
  location             text,
  capacity             integer,
  max_attendees        integer,
  instructor_id        uuid,
  -- expected: something refers to it, its own event is not there yet.
  status               text not null default 'expected' check (status in ('expected', 'scheduled', 'cancelled')),
  cancelled_at         timestamptz,
  cancellation_reason  text,
  set_by               json not null default '{}'
);
create index training_session_program on training_session (program_id);
create index training_session_location on training_session (location, start_time) where status = 'scheduled';
create index training_session_instructor on training_session (instructor_id, start_time) where status = 'scheduled';
create index training_session_start on training_session (start_time);

create table training_booking (
  id                    uuid primary key,
  session_id            uuid,
  learner_key           text,
  user_id               text,
  -- expected: something refers to it, its request is not there yet. requested: its session is not.
  status                text not null default 'expected'
                        check (status in ('expected', 'requested', 'confirmed', 'pending', 'waitlist', 'rejected', 'cancelled')),
  waitlist_position     integer,
  registration_method   text,
  special_requirements  json,
  requested_at          timestamptz,
  -- The statement that requested it; null in a row that has been heard of only.
  request_id            uuid,
  -- An approval came, whether or not it could take effect.
  approved              boolean not null default false,
  rejection_reason      text,
  cancelled_at          timestamptz,
  cancelled_by          text,
  cancellation_reason   text,
  set_by                json not null default '{}',
  check ((status = 'waitlist') = (waitlist_position is not null))
);
create unique index training_booking_live on training_booking (session_id, learner_key)
  where status in ('confirmed', 'pending', 'waitlist');
create index training_booking_open on training_booking (session_id)
  where status in ('requested', 'confirmed', 'pending', 'waitlist');
create index training_booking_learner on training_booking (learner_key);

create table attendance_record (
  session_id             uuid not null,
  learner_key            text not null,
  user_id                text,
  attended               boolean not null default false,
  check_in_time          timestamptz,
  check_in_method        text,
  completion_percentage  double precision,
  completed              boolean,
  completion_time        timestamptz,
  assessment_score       double precision,
  duration_minutes       double precision,
  certificate_issued     boolean not null default false,
  certificate_issued_at  timestamptz,
  set_by                 json not null default '{}',
  primary key (session_id, learner_key)
);
create index attendance_record_learner on attendance_record (learner_key);

create table certificate (
  id               uuid primary key,
  title            text,
  program_id       uuid,
  session_id       uuid,
  learner_key      text,
  user_id          text,
  completion_date  timestamptz,
  expiry_date      timestamptz,
  certificate_url  text,
  earned_at        timestamptz,
  set_by           json not null default '{}'
);
create index certificate_learner on certificate (learner_key);

-- Locations and instructors that sessions compete for: rows to lock.
create table scheduling_resource (
  kind  text not null check (kind in ('instructor', 'location')),
  name  text not null,
  primary key (kind, name)
);

create table scheduling_conflict (
  -- An unordered pair of sessions: low < high.
  low_session_id     uuid not null,
  high_session_id    uuid not null,
  id                 uuid not null unique,
  conflict_type      text not null check (conflict_type in ('location_conflict', 'instructor_conflict')),
  state              text not null check (state in ('open', 'closed')),
  -- The latest overlap: when it came about and when it ended, by statements' timestamps.
  detected_at        timestamptz not null,
  detected_by        uuid not null,
  closed_at          timestamptz,
  primary key (low_session_id, high_session_id),
  check (low_session_id < high_session_id)
);
create index scheduling_conflict_high on scheduling_conflict (high_session_id);
