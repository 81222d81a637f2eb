import type { Caused } from './event.ts';
import type { SessionRow } from './rows.ts';

/** A row of `scheduling_resource`: what one session at a time can have. */
export interface Resource {
  readonly kind: 'location' | 'instructor';
  readonly name: string;
}

/** What a chunk's events name, by how it is used. */
export interface Touched {
  /** Programs that events change. */
  readonly programs: ReadonlySet<string>;
  /** Those of them whose duration may change, and with it the end of their sessions. */
  readonly durations: ReadonlySet<string>;
  /** Programs that scheduled sessions belong to: their duration is read. */
  readonly programsOfSessions: ReadonlySet<string>;
  /** Sessions that may move: scheduled or cancelled. */
  readonly moving: ReadonlySet<string>;
  readonly scheduled: ReadonlySet<string>;
  /** Sessions whose bookings may change. */
  readonly sessions: ReadonlySet<string>;
  readonly bookings: ReadonlySet<string>;
  readonly resources: readonly Resource[];
}

export function touchedBy(events: readonly Caused[]): Touched {
  const touched = {
    programs: new Set<string>(),
    durations: new Set<string>(),
    programsOfSessions: new Set<string>(),
    moving: new Set<string>(),
    scheduled: new Set<string>(),
    sessions: new Set<string>(),
    bookings: new Set<string>(),
    resources: [] as Resource[],
  };
  for (const event of events) {
    switch (event.type) {
      case 'program.created':
        if (event.durationMinutes !== undefined) touched.durations.add(event.programId);
        touched.programs.add(event.programId);
        break;
      case 'program.published':
        touched.programs.add(event.programId);
        break;
      case 'session.scheduled':
        if (typeof event.programId === 'string') touched.programsOfSessions.add(event.programId);
        touched.resources.push(
          ...resourcesOf({ location: event.location ?? null, instructor_id: event.instructorId ?? null }),
        );
        touched.scheduled.add(event.sessionId);
        touched.moving.add(event.sessionId);
        touched.sessions.add(event.sessionId);
        break;
      case 'session.cancelled':
        touched.moving.add(event.sessionId);
        touched.sessions.add(event.sessionId);
        break;
      case 'booking.requested':
      case 'booking.confirmed':
      case 'booking.cancelled':
        if (event.sessionId !== null) touched.sessions.add(event.sessionId);
        touched.bookings.add(event.bookingId);
        break;
      default:
    }
  }
  return touched;
}

/** What a session needs for itself while it takes place. */
export function resourcesOf(session: Pick<SessionRow, 'location' | 'instructor_id'>): Resource[] {
  return [
    ...(session.location === null ? [] : [{ kind: 'location', name: session.location } as const]),
    ...(session.instructor_id === null ? [] : [{ kind: 'instructor', name: session.instructor_id } as const]),
  ];
}

export function resourceKey({ kind, name }: Resource): string {
  return `${kind} ${name}`;
}
