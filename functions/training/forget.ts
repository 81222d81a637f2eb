import type pg from 'pg';

const forgetSql = [
  `update training_program set created_by = null where created_by::text = any($1::text[])`,
  `update training_booking set cancelled_by = null where cancelled_by = any($1::text[])`,
  // A clash of a forgotten instructor can be nobody's any more.
  `update scheduling_conflict c set state = 'closed', closed_at = now()
    where c.state = 'open' and c.conflict_type = 'instructor_conflict'
      and exists (select 1 from training_session s
                   where s.id in (c.low_session_id, c.high_session_id) and s.instructor_id::text = any($1::text[]))`,
  `update training_session set instructor_id = null where instructor_id::text = any($1::text[])`,
  `delete from scheduling_resource where kind = 'instructor' and name = any($1::text[])`,
];

/** Forgets users as who created a program, teaches a session or cancelled a booking. No other transaction writes meanwhile. */
export async function forgetUsers(client: pg.ClientBase, userIds: readonly string[]): Promise<void> {
  const ids = userIds.map((id) => id.toLowerCase());
  for (const sql of forgetSql) await client.query(sql, [ids]);
}
