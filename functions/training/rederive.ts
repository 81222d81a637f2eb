import type pg from 'pg';
import { rowColumns, type StatementColumns, statementRow } from '../core/ledger/postgres-statements.ts';
import { isRecordEvent } from './event.ts';
import { readEvent } from './read-event.ts';
import { applyRecords } from './record-store.ts';

/**
 * Whose a booking is follows its request's statement: moved to the account that a mailbox was attached to, or nobody's
 * where it was erased. Decisions stay. Of two live bookings that one session would then have of one person, the second
 * keeps its former key until one of them ends: none is taken away without a cancellation.
 */
const bookingsSql = `
  with target as (
    select b.id, s.agent_key, a.user_id,
           row_number() over (
             partition by b.session_id, s.agent_key, b.status in ('confirmed', 'pending', 'waitlist')
             order by b.learner_key = s.agent_key desc, array_position(array['confirmed', 'pending', 'waitlist'], b.status), b.id) as place,
           b.status in ('confirmed', 'pending', 'waitlist') as live
      from training_booking b join statement s on s.id = b.request_id left join agent a on a.agent_key = s.agent_key
     where b.learner_key = any($1::text[]))
  update training_booking b
     set learner_key = target.agent_key,
         user_id = case when target.agent_key is null then null
                        when target.user_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then target.user_id
                        else b.user_id end,
         special_requirements = case when target.agent_key is not null then b.special_requirements end,
         cancelled_by = case when target.agent_key is not null or b.cancelled_by is distinct from b.user_id then b.cancelled_by end,
         cancellation_reason = case when target.agent_key is not null or b.cancellation_reason = 'session_cancelled'
                                    then b.cancellation_reason end
    from target
   where b.id = target.id and b.learner_key is distinct from target.agent_key
     and (not target.live or target.agent_key is null or target.place = 1)`;

const forgetSql = {
  attendance: 'delete from attendance_record where learner_key = any($1::text[])',
  certificates: 'delete from certificate where learner_key = any($1::text[])',
};

const statementsSql = `
  select ${rowColumns} from statement s
   where s.agent_key = any($1::text[]) and s.event in ('attendance.checked_in', 'attendance.completed', 'certificate.earned')
     and s.erased_at is null`;

/** What the training tables hold of people, by their statements as they are now. No other transaction writes meanwhile. */
export async function rederivePeople(client: pg.ClientBase, agentKeys: readonly string[]): Promise<void> {
  await client.query(bookingsSql, [agentKeys]);
  await client.query(forgetSql.attendance, [agentKeys]);
  await client.query(forgetSql.certificates, [agentKeys]);
  const { rows } = await client.query<StatementColumns>(statementsSql, [agentKeys]);
  const events = rows.flatMap((row) => {
    const result = readEvent(statementRow(row));
    return result.kind === 'event' && isRecordEvent(result.event) ? [result.event] : [];
  });
  await applyRecords(client, events);
}
