import type { EntityKind } from './request.ts';

/** Rows of a list, at most. */
const listed = 100;

/** One statement per kind, so that all of an answer is of one moment. `$1` is the id; no row where there is none. */
export const stateSql: Readonly<Record<EntityKind, string>> = {
  session: `
    select json_build_object(
      'id', s.id, 'status', s.status, 'programId', s.program_id, 'title', s.title, 'location', s.location,
      'startTime', s.start_time, 'endTime', s.end_time, 'endEstimated', s.end_estimated, 'timezone', s.timezone,
      'capacity', s.capacity, 'maxAttendees', s.max_attendees, 'cancelledAt', s.cancelled_at,
      'bookings', json_build_object(
        'counts', (select coalesce(json_object_agg(status, number), '{}')
                     from (select status, count(*) as number from training_booking where session_id = s.id group by status) as c),
        'open', (select coalesce(json_agg(json_build_object(
                          'id', b.id, 'status', b.status, 'waitlistPosition', b.waitlist_position,
                          'learnerKey', b.learner_key, 'requestedAt', b.requested_at)
                          order by b.waitlist_position nulls first, b.requested_at, b.id), '[]')
                   from training_booking b
                  where b.session_id = s.id and b.status in ('requested', 'confirmed', 'pending', 'waitlist'))),
      'attendance', (select json_build_object(
                              'records', count(*), 'checkedIn', count(check_in_time),
                              'completed', count(*) filter (where completed),
                              'certificates', count(*) filter (where certificate_issued))
                       from attendance_record where session_id = s.id),
      'openConflicts', (select coalesce(json_agg(json_build_object(
                                 'id', c.id, 'type', c.conflict_type, 'detectedAt', c.detected_at, 'withSession',
                                 case when c.low_session_id = s.id then c.high_session_id else c.low_session_id end)
                                 order by c.detected_at, c.id), '[]')
                          from scheduling_conflict c
                         where s.id in (c.low_session_id, c.high_session_id) and c.state = 'open'),
      'announcementsWaiting', (select count(*) from outbox where published is null and key = s.id::text)) as state
      from training_session s where s.id = $1`,
  booking: `
    select json_build_object(
      'id', id, 'status', status, 'sessionId', session_id, 'learnerKey', learner_key, 'waitlistPosition', waitlist_position,
      'registrationMethod', registration_method, 'requestedAt', requested_at, 'approved', approved,
      'rejectionReason', rejection_reason, 'cancelledAt', cancelled_at) as state
      from training_booking where id = $1`,
  program: `
    select json_build_object(
      'id', p.id, 'title', p.title, 'isPublished', p.is_published, 'publishedAt', p.published_at, 'createdAt', p.created_at,
      'durationMinutes', p.duration_minutes, 'requiresApproval', p.requires_approval,
      'sessions', (select coalesce(json_agg(json_build_object('id', s.id, 'status', s.status, 'startTime', s.start_time)
                                            order by s.start_time, s.id), '[]')
                     from (select id, status, start_time from training_session where program_id = p.id
                            order by start_time desc nulls last, id limit ${listed}) as s)) as state
      from training_program p where p.id = $1`,
  generation: `
    select json_build_object(
      'id', g.id, 'status', g.status, 'attempt', g.attempt, 'progressPercentage', g.progress_percentage,
      'currentStep', g.current_step, 'errorType', g.error_type, 'contentId', g.content_id,
      'generatedContentSize', g.generated_content_size, 'tokensUsed', g.tokens_used,
      'durationSeconds', g.duration_seconds, 'requestedBy', g.agent_key, 'createdAt', g.created_at,
      'requestedAt', g.requested_at, 'startedAt', g.started_at, 'completedAt', g.completed_at,
      'contradictions', g.contradictions,
      'events', (select coalesce(json_agg(json_build_object('statementId', e.statement_id, 'kind', e.kind, 'occurred', e.occurred)
                                          order by e.occurred, e.statement_id), '[]')
                   from (select statement_id, kind, occurred from generation_event where session_id = g.id
                          order by occurred desc, statement_id desc limit ${listed}) as e),
      'activities', (select coalesce(json_object_agg(kind, number), '{}')
                       from (select kind, count(*) as number from content_activity where session_id = g.id group by kind) as a)
      ) as state
      from generation_session g where g.id = $1`,
};

/** Kinds that have an entity under the id `$1`. */
export const kindsSql = `
  select 'session' as kind from training_session where id = $1
  union all select 'booking' from training_booking where id = $1
  union all select 'program' from training_program where id = $1
  union all select 'generation' from generation_session where id = $1`;
