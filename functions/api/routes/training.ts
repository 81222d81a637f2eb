import { z } from 'zod';
import { readBooking, readSession, readSessions, type SessionView } from '../../training/read.ts';
import { forbidden, maySee } from '../access/access.ts';
import { cursorSeal } from '../http/cursor.ts';
import { cursor, instant, limit, nothing, uuid } from '../http/parameters.ts';
import { data, defineRoute, noBody, notFound } from '../route.ts';

const time = z.iso.datetime().nullable();
const seats = z.int().nonnegative();

const session = z.strictObject({
  id: z.guid(),
  program_id: z.guid().nullable(),
  program_title: z.string().nullable(),
  title: z.string().nullable(),
  status: z.enum(['scheduled', 'cancelled']),
  start_time: time,
  end_time: time,
  end_estimated: z.boolean().describe("The end follows from the program's duration"),
  timezone: z.string().nullable(),
  location: z.string().nullable(),
  instructor_id: z.guid().nullable(),
  capacity: seats.describe('Seats'),
  confirmed: seats.describe('Bookings that hold a seat: confirmed, or waiting for approval'),
  waitlist: seats,
  available: seats.describe('Seats that are free; 0 if it is cancelled'),
});

function sessionOf(view: SessionView): z.infer<typeof session> {
  const { id, program_id, program_title, title, status, start_time, end_time, end_estimated } = view;
  return {
    id,
    program_id,
    program_title,
    title,
    status,
    start_time,
    end_time,
    end_estimated,
    timezone: view.timezone,
    location: view.location,
    instructor_id: view.instructor_id,
    capacity: view.seats,
    confirmed: view.confirmed_bookings,
    waitlist: view.waitlist_count,
    available: view.available_spots,
  };
}

const place = z.strictObject({ start_time: z.iso.datetime({ precision: 6 }), id: z.guid() });

export const listSessions = defineRoute({
  method: 'GET',
  path: '/api/training/sessions',
  operationId: 'listTrainingSessions',
  summary: 'Training sessions with their availability, by start',
  access: 'signed-in',
  params: nothing,
  query: z.strictObject({
    program_id: uuid.optional(),
    status: z.enum(['scheduled', 'cancelled']).optional(),
    since: instant.optional().describe('Starting at or after'),
    until: instant.optional().describe('Starting before'),
    limit,
    cursor: cursor.optional(),
  }),
  body: noBody,
  data: z.strictObject({
    sessions: z.array(session),
    count: z.int().nonnegative(),
    cursor: z.string().nullable().describe('For the next page; null at the end'),
  }),
  async answer({ query }, { stores, pepper }) {
    const { program_id, status, since, until, limit: size } = query;
    const filter = {
      ...(program_id === undefined ? {} : { programId: program_id }),
      ...(status === undefined ? {} : { status }),
      ...(since === undefined ? {} : { from: since }),
      ...(until === undefined ? {} : { to: until }),
    };
    const seal = cursorSeal(pepper, ['sessions', filter]);
    const after = seal.open(query.cursor, place);
    if (after !== null && 'kind' in after) return after;
    const found = await readSessions(stores.pool, filter, { limit: size + 1, ...(after === null ? {} : { after }) });
    const sessions = found.slice(0, size);
    const last = sessions.at(-1);
    const more = found.length > size && last !== undefined && last.start_time !== null;
    return data({
      sessions: sessions.map(sessionOf),
      count: sessions.length,
      cursor: more ? seal.seal({ start_time: last.start_time, id: last.id }) : null,
    });
  },
});

export const getSession = defineRoute({
  method: 'GET',
  path: '/api/training/sessions/{id}',
  operationId: 'getTrainingSession',
  summary: 'A training session with its availability',
  access: 'signed-in',
  params: z.strictObject({ id: uuid }),
  query: nothing,
  body: noBody,
  data: session,
  also: [404],
  async answer({ params }, { stores }) {
    const view = await readSession(stores.pool, params.id);
    return view === null ? notFound('session') : data(sessionOf(view));
  },
});

export const getBooking = defineRoute({
  method: 'GET',
  path: '/api/training/bookings/{id}',
  operationId: 'getTrainingBooking',
  summary: 'A booking as it is now',
  description: 'Of another one than his own, or of none, a learner hears the same: 403.',
  access: 'owner',
  params: z.strictObject({ id: uuid }),
  query: nothing,
  body: noBody,
  data: z.strictObject({
    id: z.guid(),
    session_id: z.guid().nullable(),
    program_id: z.guid().nullable(),
    session_title: z.string().nullable(),
    start_time: time,
    end_time: time,
    status: z
      .enum(['requested', 'confirmed', 'pending', 'waitlist', 'rejected', 'cancelled'])
      .describe('requested: its session is not known yet. pending: it holds a seat and waits for approval'),
    waitlist_position: z.int().positive().nullable(),
    registration_method: z.string().nullable(),
    requested_at: time,
    rejection_reason: z.string().nullable(),
    cancelled_at: time,
    cancellation_reason: z.string().nullable(),
  }),
  also: [404],
  async answer({ params, caller }, { stores }) {
    const view = await readBooking(stores.pool, params.id);
    if (!maySee(caller, view?.learner_key ?? null)) return forbidden();
    if (view === null) return notFound('booking');
    const { id, session_id, program_id, session_title, start_time, end_time, status, waitlist_position } = view;
    return data({
      id,
      session_id,
      program_id,
      session_title,
      start_time,
      end_time,
      status,
      waitlist_position,
      registration_method: view.registration_method,
      requested_at: view.requested_at,
      rejection_reason: view.rejection_reason,
      cancelled_at: view.cancelled_at,
      cancellation_reason: view.cancellation_reason,
    });
  },
});
