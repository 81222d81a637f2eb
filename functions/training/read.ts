import type pg from 'pg';
import type { BookingRow, BookingStatus, ProgramRow, SessionRow } from './rows.ts';
import { bookingTable, programTable, sessionTable } from './table.ts';

type Store = pg.ClientBase | pg.Pool;

/** A session as people ask for it. */
export interface SessionView extends Omit<SessionRow, 'set_by' | 'status'> {
  readonly status: 'scheduled' | 'cancelled';
  readonly program_title: string | null;
  /** Seats: `max_attendees` where set, else `capacity`. */
  readonly seats: number;
  /** Bookings confirmed or pending. */
  readonly confirmed_bookings: number;
  readonly waitlist_count: number;
  readonly available_spots: number;
  /** All bookings, also rejected and cancelled ones. */
  readonly total_bookings: number;
  readonly open_conflicts: number;
}

export interface SessionFilter {
  readonly programId?: string;
  readonly status?: 'scheduled' | 'cancelled';
  /** ISO 8601: sessions that start at or after it. */
  readonly from?: string;
  /** ISO 8601: sessions that start before it. */
  readonly to?: string;
}

/** Where a page of sessions ended: the next one begins after it. */
export interface SessionCursor {
  readonly start_time: string;
  readonly id: string;
}

/** Sessions whose own event came; one that was cancelled before it is none yet. */
const sessionSql = `
  select ${sessionTable.columns}, p.title as program_title, coalesce(t.max_attendees, t.capacity) as seats,
         b.confirmed_bookings, b.waitlist_count, b.total_bookings,
         case when t.status = 'scheduled'
              then greatest(0, coalesce(t.max_attendees, t.capacity) - b.confirmed_bookings) else 0 end as available_spots,
         ((select count(*) from scheduling_conflict c where c.low_session_id = t.id and c.state = 'open')
          + (select count(*) from scheduling_conflict c where c.high_session_id = t.id and c.state = 'open'))::int as open_conflicts
    from training_session t
         left join training_program p on p.id = t.program_id
         cross join lateral (
           select count(*) filter (where status in ('confirmed', 'pending'))::int as confirmed_bookings,
                  count(*) filter (where status = 'waitlist')::int as waitlist_count,
                  count(*) filter (where status <> 'expected')::int as total_bookings
             from training_booking where session_id = t.id) b
   where t.start_time is not null`;

/** A session with its counts, or null if there is none of this id. */
export async function readSession(store: Store, id: string): Promise<SessionView | null> {
  const { rows } = await store.query<SessionView & Pick<SessionRow, 'set_by'>>(`${sessionSql} and t.id = $1`, [id]);
  return withoutStamps(rows[0]);
}

/** Sessions by start time and id, at most `limit` of them, after a cursor. */
export async function readSessions(
  store: Store,
  filter: SessionFilter,
  page: { readonly limit: number; readonly after?: SessionCursor },
): Promise<SessionView[]> {
  const { rows } = await store.query<SessionView & Pick<SessionRow, 'set_by'>>(
    `${sessionSql}
        and ($1::uuid is null or t.program_id = $1) and ($2::text is null or t.status = $2)
        and ($3::timestamptz is null or t.start_time >= $3) and ($4::timestamptz is null or t.start_time < $4)
        and ($5::timestamptz is null or (t.start_time, t.id) > ($5, $6::uuid))
      order by t.start_time, t.id limit $7`,
    [
      filter.programId ?? null,
      filter.status ?? null,
      filter.from ?? null,
      filter.to ?? null,
      page.after?.start_time ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
  return rows.flatMap((row) => withoutStamps(row) ?? []);
}

/** A booking as its learner asks for it. */
export interface BookingView extends Omit<BookingRow, 'set_by' | 'status' | 'approved'> {
  readonly status: Exclude<BookingStatus, 'expected'>;
  readonly program_id: string | null;
  readonly session_title: string | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
}

/** A booking with its session's times, or null if none of this id was requested. */
export async function readBooking(store: Store, id: string): Promise<BookingView | null> {
  const { rows } = await store.query<BookingView & Pick<BookingRow, 'set_by' | 'approved'>>(
    `select ${bookingTable.columns}, s.program_id, s.title as session_title, s.start_time, s.end_time
       from training_booking t
            left join (select id, program_id, title, ${timeColumns} from training_session t) s on s.id = t.session_id
      where t.id = $1 and t.request_id is not null`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { set_by: _, approved: __, ...view } = row;
  return view;
}

const timeColumns = ['start_time', 'end_time']
  .map((column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`)
  .join(', ');

/** Learners' bookings that wait to be decided, wait for a seat or hold one, in this order. */
export async function readLiveBookings(
  store: Store,
  agentKeys: readonly string[],
): Promise<Pick<BookingRow, 'id' | 'session_id' | 'learner_key' | 'user_id'>[]> {
  const { rows } = await store.query<Pick<BookingRow, 'id' | 'session_id' | 'learner_key' | 'user_id'>>(
    `select id, session_id, learner_key, user_id from training_booking
      where learner_key = any($1::text[]) and status in ('requested', 'confirmed', 'pending', 'waitlist')
      order by status in ('confirmed', 'pending'), id`,
    [agentKeys],
  );
  return rows;
}

export type ProgramView = Omit<ProgramRow, 'set_by'>;

/** A program, or null if neither its creation nor its publication came. */
export async function readProgram(store: Store, id: string): Promise<ProgramView | null> {
  const { rows } = await store.query<ProgramRow>(
    `select ${programTable.columns} from training_program t
      where t.id = $1 and (t.created_at is not null or t.is_published)`,
    [id],
  );
  return withoutStamps(rows[0]);
}

function withoutStamps<Row extends { readonly set_by: unknown }>(row: Row | undefined): Omit<Row, 'set_by'> | null {
  if (row === undefined) return null;
  const { set_by: _, ...view } = row;
  return view;
}
