import type pg from 'pg';
import type { Announcement } from '../core/ledger/projection.ts';
import { personOf } from '../core/people/person.ts';
import type { Actor } from '../core/xapi/index.ts';
import { bookingAnnouncement, conflictAnnouncement, identifierOf, platformActor, userActor } from './announcement.ts';
import { type ConflictChanges, decideConflicts } from './conflict.ts';
import { decideTraining, type TrainingChanges } from './decide.ts';
import type { Cause, Caused } from './event.ts';
import { lockState } from './lock.ts';
import type { BookingRow, ConflictRow, SessionRow } from './rows.ts';
import { bookingTable, conflictTable, programTable, select, sessionTable, write } from './table.ts';
import { touchedBy } from './touch.ts';

/**
 * Applies program, session and booking events: locks and reads the rows they touch, decides in memory, writes what
 * changed. Returns what was decided, in its order.
 */
export async function schedule(client: pg.ClientBase, events: readonly Caused[]): Promise<readonly Announcement[]> {
  if (events.length === 0) return [];
  const state = await lockState(client, touchedBy(events));
  const changes = decideTraining(state, events);
  await write(client, programTable, changes.programs);
  await write(client, sessionTable, changes.sessions);
  await write(client, bookingTable, changes.bookings);
  const conflicts = await applyConflicts(client, changes.moved);
  const bookings = new Map([...state.bookings, ...changes.bookings.map((row) => [row.id, row] as const)]);
  const outcomes = await announce(client, changes, bookings);
  return [...outcomes, ...conflicts.decisions.map(conflictAnnouncement)];
}

/** Conflicts of sessions that moved; the locks on their resources, former ones included, are held. */
async function applyConflicts(client: pg.ClientBase, moved: ReadonlyMap<string, Cause>): Promise<ConflictChanges> {
  if (moved.size === 0) return { conflicts: [], decisions: [] };
  const ids = [[...moved.keys()]];
  const sessions = await select<SessionRow>(client, neighboursSql, ids);
  const known = await client.query<ConflictRow>(knownConflictsSql, ids);
  const changes = decideConflicts({ sessions, moved, known: known.rows });
  await write(client, conflictTable, changes.conflicts);
  return changes;
}

/** The sessions, and those that overlap with one of them at its place or with its instructor. */
const neighboursSql = `
  with moved as (select * from training_session where id = any($1::uuid[])),
       near as (
         select id from moved
         union
         select n.id from moved m join training_session n on n.location = m.location
          where n.status = 'scheduled' and n.start_time < m.end_time and n.end_time > m.start_time
         union
         select n.id from moved m join training_session n on n.instructor_id = m.instructor_id
          where n.status = 'scheduled' and n.start_time < m.end_time and n.end_time > m.start_time)
  select ${sessionTable.columns} from near join training_session t using (id)`;

const knownConflictsSql = `
  select ${conflictTable.columns} from scheduling_conflict t where t.low_session_id = any($1::uuid[])
  union
  select ${conflictTable.columns} from scheduling_conflict t where t.high_session_id = any($1::uuid[])`;

/** Statements of the decisions, in their order. Who is no NLJ user is named as the request named them. */
async function announce(
  client: pg.ClientBase,
  { decisions }: TrainingChanges,
  bookings: ReadonlyMap<string, BookingRow>,
): Promise<Announcement[]> {
  const unnamed = new Set<string>();
  for (const { bookingId } of decisions) {
    const booking = bookings.get(bookingId);
    if (booking?.request_id != null && booking.user_id === null) unnamed.add(booking.request_id);
  }
  const actors = await actorsOf(client, unnamed);
  return decisions.map((decision) => {
    const booking = bookings.get(decision.bookingId);
    const named = booking?.user_id != null ? userActor(booking.user_id) : actors.get(booking?.request_id ?? '');
    return bookingAnnouncement(decision, { key: booking?.learner_key ?? null, actor: named ?? platformActor });
  });
}

/** Actors of statements by the statements' ids, without names; those of erased statements are missing. */
async function actorsOf(client: pg.ClientBase, statements: ReadonlySet<string>): Promise<Map<string, Actor>> {
  if (statements.size === 0) return new Map();
  const { rows } = await client.query<{ id: string; actor: Actor }>(
    `select id, body -> 'actor' as actor from statement where id = any($1::uuid[]) and body is not null`,
    [[...statements]],
  );
  return new Map(
    rows.flatMap(({ id, actor }) => (personOf(actor) === null ? [] : [[id, identifierOf(actor)] as const])),
  );
}
