import type pg from 'pg';
import { TransientError } from '../core/errors.ts';
import type { TrainingState } from './decide.ts';
import type { BookingRow, ProgramRow, SessionRow } from './rows.ts';
import { bookingTable, insertPlaceholders, lockById, programTable, select, sessionTable } from './table.ts';
import { type Resource, resourceKey, resourcesOf, type Touched } from './touch.ts';

/** How often what changed between reading and locking is read again, before the chunk is given back. */
const mostTries = 5;

/**
 * Locks and reads the rows that a chunk's decisions depend on, in the global order: programs, resources, sessions, bookings
 * (docs/decisions/0005-training.md). What is to be locked is partly known from rows alone; these are read before, and looked
 * at again under the locks.
 * @throws TransientError if they changed each time.
 */
export async function lockState(client: pg.ClientBase, touched: Touched): Promise<TrainingState> {
  for (let attempt = 1; attempt <= mostTries; attempt += 1) {
    await client.query('savepoint training');
    const state = await tryLocks(client, touched);
    if (state !== null) return state;
    // Gives back the locks taken since, so that the next try takes its own in the order again.
    await client.query('rollback to savepoint training');
  }
  throw new TransientError('Rows that training depends on changed each time they were locked');
}

async function tryLocks(client: pg.ClientBase, touched: Touched): Promise<TrainingState | null> {
  const bookingSessions = await sessionsOfBookings(client, touched.bookings);
  const formerPrograms = await programsOf(client, touched.scheduled);
  const programIds = new Set([...touched.programs, ...touched.programsOfSessions, ...formerPrograms]);
  const strength = touched.programs.size > 0 ? 'for update' : 'for share';
  const programs = await lockById<ProgramRow>(client, programTable, programIds, strength);

  const moving = await movingSessions(client, touched);
  const movingIds = new Set([...touched.moving, ...moving.map(({ id }) => id)]);
  const resources = new Map(
    [...touched.resources, ...moving.flatMap(resourcesOf)].map((resource) => [resourceKey(resource), resource]),
  );
  await lockResources(client, [...resources.values()]);

  const sessionIds = new Set([...movingIds, ...touched.sessions, ...bookingSessions]);
  const sessions = await lockById<SessionRow>(client, sessionTable, sessionIds);
  const rosters = [...touched.sessions, ...bookingSessions];
  const bookings = await lockBookings(client, touched.bookings, rosters);

  for (const { session_id } of bookings.values()) if (session_id !== null && !sessions.has(session_id)) return null;
  for (const id of movingIds) {
    const session = sessions.get(id);
    if (session === undefined) continue;
    if (resourcesOf(session).some((resource) => !resources.has(resourceKey(resource)))) return null;
    if (touched.scheduled.has(id) && session.program_id !== null && !programs.has(session.program_id)) return null;
  }

  const others = new Set<string>();
  for (const id of rosters) {
    const program = sessions.get(id)?.program_id ?? null;
    if (program !== null && !programs.has(program)) others.add(program);
  }
  const read = await approvals(client, others);
  return {
    programs: new Map([...read, ...programs]),
    sessions,
    bookings,
  };
}

/** A booking's session never changes once its request is there. */
async function sessionsOfBookings(client: pg.ClientBase, bookings: ReadonlySet<string>): Promise<string[]> {
  if (bookings.size === 0) return [];
  const { rows } = await client.query<{ session_id: string }>(
    'select distinct session_id from training_booking where id = any($1::uuid[]) and session_id is not null',
    [[...bookings]],
  );
  return rows.map(({ session_id }) => session_id);
}

async function programsOf(client: pg.ClientBase, sessions: ReadonlySet<string>): Promise<string[]> {
  if (sessions.size === 0) return [];
  const { rows } = await client.query<{ program_id: string }>(
    'select distinct program_id from training_session where id = any($1::uuid[]) and program_id is not null',
    [[...sessions]],
  );
  return rows.map(({ program_id }) => program_id);
}

type Moving = Pick<SessionRow, 'id' | 'location' | 'instructor_id'>;

/** Sessions that events name, and those whose estimated end follows a program. The program's lock keeps the latter the same. */
async function movingSessions(client: pg.ClientBase, { moving, durations }: Touched): Promise<Moving[]> {
  if (moving.size === 0 && durations.size === 0) return [];
  const { rows } = await client.query<Moving>(
    `select id, location, instructor_id from training_session where id = any($1::uuid[])
     union
     select id, location, instructor_id from training_session where program_id = any($2::uuid[]) and end_estimated`,
    [[...moving], [...durations]],
  );
  return rows;
}

async function lockResources(client: pg.ClientBase, resources: readonly Resource[]): Promise<void> {
  if (resources.length === 0) return;
  const values = [JSON.stringify(resources)];
  await client.query(
    `insert into scheduling_resource (kind, name)
     select kind, name from json_to_recordset($1::json) as r(kind text, name text) order by kind, name
     on conflict (kind, name) do nothing`,
    values,
  );
  await client.query(
    `select 1 from scheduling_resource
      where (kind, name) in (select kind, name from json_to_recordset($1::json) as r(kind text, name text))
      order by kind, name for update`,
    values,
  );
}

/**
 * Bookings that events name, and the live and undecided ones of locked sessions. The sessions' locks keep the latter the same;
 * they are locked all the same, with the others and in one order: a transaction that knows a booking from before it had a
 * session holds the booking without the session, and would wait crosswise with one that writes the booking last.
 */
async function lockBookings(
  client: pg.ClientBase,
  named: ReadonlySet<string>,
  rosters: readonly string[],
): Promise<Map<string, BookingRow>> {
  if (named.size === 0 && rosters.length === 0) return new Map();
  await insertPlaceholders(client, bookingTable, named);
  return select<BookingRow>(
    client,
    `select ${bookingTable.columns} from training_booking t
      where t.id = any($1::uuid[])
         or (t.session_id = any($2::uuid[]) and t.status in ('requested', 'confirmed', 'pending', 'waitlist'))
      order by t.id for update`,
    [[...named], rosters],
  );
}

/**
 * Programs of sessions that are booked, for whether they require approval. Not locked: a booking is decided by what is known
 * when it comes, and a program that changes at the same time comes after it.
 */
async function approvals(client: pg.ClientBase, ids: ReadonlySet<string>): Promise<Map<string, ProgramRow>> {
  if (ids.size === 0) return new Map();
  return select<ProgramRow>(
    client,
    `select ${programTable.columns} from training_program t where t.id = any($1::uuid[])`,
    [[...ids]],
  );
}
