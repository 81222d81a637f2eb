import type { Database } from '../../support/database.ts';

/** What is wrong with the training tables, by the invariants of the specification; empty if nothing is. */
export async function violations(database: Database, mostSeats: number): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `with told as (
         select s.event, (e ->> 'http://nlj.platform/extensions/booking_id')::uuid as booking,
                coalesce(e ->> 'http://nlj.platform/extensions/confirmation_method',
                         case when s.event = 'booking.waitlisted' then 'waitlisted' else s.event end) as kind
           from outbox o join statement s on s.id = o.statement_id
                cross join lateral (select o.body -> 'context' -> 'extensions' as e) as extensions
          where o.topic = 'nlj.training.outcomes'),
     roster as (
       select s.id, s.status, coalesce(s.max_attendees, s.capacity) as seats,
              count(*) filter (where b.status in ('confirmed', 'pending')) as occupied,
              count(*) filter (where b.status = 'waitlist') as waiting,
              count(*) filter (where b.status = 'requested') as undecided,
              coalesce(min(b.waitlist_position), 1) as first,
              coalesce(max(b.waitlist_position), 0) as last,
              count(distinct b.waitlist_position) as positions
         from training_session s left join training_booking b on b.session_id = s.id
        group by s.id)
     select 'more seats taken than there ever were' as broken, id::text from roster where occupied > $1
     union all
     select 'somebody waits while a seat is free', id::text from roster where waiting > 0 and occupied < seats
     union all
     select 'positions are not 1..n', id::text from roster where first <> 1 or last <> waiting or positions <> waiting
     union all
     select 'undecided although the session is known', id::text from roster where undecided > 0 and status <> 'expected'
     union all
     select 'a seat or a place in a session that is not scheduled', id::text from roster where occupied + waiting > 0 and status <> 'scheduled'
     union all
     select 'two live bookings', session_id || ' ' || learner_key from training_booking
      where status in ('confirmed', 'pending', 'waitlist') group by session_id, learner_key having count(*) > 1
     union all
     select 'placed twice at first', b.id::text from training_booking b join told t on t.booking = b.id
      where t.kind in ('automatic', 'waitlisted', 'booking.rejected') group by b.id having count(*) > 1
     union all
     select 'a place that was not told', b.id::text from training_booking b
      where (b.status = 'confirmed' and not exists (select from told t where t.booking = b.id and t.event = 'booking.confirmed'))
         or (b.status = 'waitlist' and not exists (select from told t where t.booking = b.id and t.event = 'booking.waitlisted'))
         or (b.status = 'rejected' and not exists (select from told t where t.booking = b.id and t.event = 'booking.rejected'))
         or (b.cancellation_reason = 'session_cancelled' and not exists (select from told t where t.booking = b.id and t.event = 'booking.cancelled'))
     union all
     select 'confirmed twice', t.booking::text from told t where t.event = 'booking.confirmed' group by t.booking having count(*) > 1
     union all
     select 'confirmed, then neither confirmed nor cancelled', b.id::text from training_booking b join told t on t.booking = b.id
      where t.event = 'booking.confirmed' and b.status not in ('confirmed', 'cancelled')`,
    [mostSeats],
  );
  return rows;
}
