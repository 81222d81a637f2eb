import { statement } from '../../support/statement.ts';

const ext = 'http://nlj.platform/extensions/';
const adl = 'http://adlnet.gov/expapi';

/** A session of a canonical statement: at no place and with no instructor unless told. */
export interface SessionOptions {
  readonly program: string;
  readonly capacity: number;
  readonly instructor?: string;
}

function sessionObject(session: string) {
  return {
    objectType: 'Activity',
    id: `http://nlj.platform/training-sessions/${session}`,
    definition: { type: `${adl}/activities/meeting`, name: { en: 'Forklift basics' } },
  };
}

export function sessionScheduled(session: string, { program, capacity, instructor }: SessionOptions) {
  return statement({
    verb: { id: 'http://activitystrea.ms/schema/1.0/schedule' },
    object: sessionObject(session),
    context: {
      extensions: {
        [`${ext}program_id`]: program,
        [`${ext}start_time`]: '2027-03-01T09:00:00Z',
        [`${ext}end_time`]: '2027-03-01T11:00:00Z',
        [`${ext}capacity`]: capacity,
        ...(instructor === undefined ? {} : { [`${ext}instructor_id`]: instructor }),
      },
    },
  });
}

/** @param timestamp of the request: decides among those that wait for their session. */
export function bookingRequested(session: string, booking: string, actor: object, timestamp: string) {
  return statement({
    timestamp,
    actor: { objectType: 'Agent', ...actor },
    verb: { id: `${adl}/verbs/asked` },
    object: sessionObject(session),
    context: { extensions: { [`${ext}booking_id`]: booking } },
  });
}

export function bookingCancelled(session: string, booking: string, actor: object, timestamp: string) {
  return statement({
    timestamp,
    actor: { objectType: 'Agent', ...actor },
    verb: { id: 'http://nlj.platform/verbs/cancelled' },
    object: sessionObject(session),
    context: { extensions: { [`${ext}booking_id`]: booking } },
  });
}

/** The account of an NLJ user. */
export function nljAccount(name: string) {
  return { account: { homePage: 'http://nlj.platform', name } };
}
