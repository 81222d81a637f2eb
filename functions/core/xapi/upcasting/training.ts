import { type JsonObject, member, objectMember, textMember, without } from '../json.ts';
import { act, adl, as, ext, nlj, nljHomePage } from '../prefixes.ts';
import { topics } from '../topics.ts';
import { bookingObjectRule } from './booking-object.ts';
import { utcTime } from './local-time.ts';
import {
  activityOf,
  activityType,
  contextExtension,
  entityId,
  type UpcastRule,
  verbOf,
  verbRule,
  withActivityType,
  withContextExtensions,
  withMember,
  withVerb,
} from './rule.ts';

const meeting = `${act}meeting`;
const earnedVerb = 'http://id.tincanapi.com/verb/earned';

/** Programs, sessions, bookings, attendance and certificates. */
export const trainingRules: readonly UpcastRule[] = [
  verbRule(
    'program-created-verb',
    [topics.programs],
    [`${adl}authored`],
    `${as}author`,
    'adl:authored becomes as:author',
  ),
  verbRule(
    'program-published-verb',
    [topics.programs],
    [`${adl}shared`, `${adl}published`],
    `${nlj}published`,
    'adl:shared and adl:published become nlj:published',
  ),
  {
    name: 'session-scheduled-verb',
    topics: [topics.sessions],
    description: 'adl:scheduled becomes as:schedule, of a meeting',
    apply: (statement) =>
      verbOf(statement) === `${adl}scheduled`
        ? withActivityType(withVerb(statement, `${as}schedule`), meeting)
        : statement,
  },
  {
    name: 'session-names',
    topics: [topics.sessions],
    description:
      'session_date and session_time become ext:start_time, max_participants ext:capacity, context.parent ext:program_id, the actor ext:instructor_id',
    apply: sessionNames,
  },
  {
    name: 'cancelled-verb',
    topics: [topics.sessions, topics.bookings],
    description: 'adl:voided on an Activity becomes nlj:cancelled',
    apply: (statement) =>
      verbOf(statement) === `${adl}voided` && activityOf(statement) !== undefined
        ? withVerb(statement, `${nlj}cancelled`)
        : statement,
  },
  {
    name: 'booking-requested-verb',
    topics: [topics.bookings],
    description:
      'adl:registered on a session without ext:confirmation_method and ext:confirmed_by becomes adl:asked; empty special requirements go, a lesson is a meeting',
    apply: bookingRequested,
  },
  bookingObjectRule,
  {
    name: 'checked-in-verb',
    topics: [topics.attendance],
    description: 'adl:attended with ext:check_in_time and no result becomes nlj:checked-in',
    apply: (statement) =>
      verbOf(statement) === `${adl}attended` &&
      contextExtension(statement, 'check_in_time') !== undefined &&
      contextExtension(statement, 'completion_percentage') === undefined &&
      member(statement, 'result') === undefined
        ? withVerb(statement, `${nlj}checked-in`)
        : statement,
  },
  {
    name: 'attendance-completed-verb',
    topics: [topics.attendance],
    description: 'adl:completed becomes adl:attended, attendance_percentage ext:completion_percentage',
    apply: attendanceCompleted,
  },
  {
    name: 'certificate-earned-verb',
    topics: [topics.certificates],
    description: "adl:earned becomes the catalogue's earned",
    apply: (statement) => (verbOf(statement) === `${adl}earned` ? withVerb(statement, earnedVerb) : statement),
  },
  {
    name: 'certificate-type',
    topics: [topics.certificates],
    description: 'act:badge becomes as:badge',
    apply: (statement) =>
      activityType(activityOf(statement) ?? {}) === `${act}badge`
        ? withActivityType(statement, `${as}badge`)
        : statement,
  },
];

function sessionNames(statement: JsonObject): JsonObject {
  const read = (name: string): unknown => contextExtension(statement, name);
  const date = read('session_date');
  const time = read('session_time');
  const changes: Record<string, unknown> = {};
  const start = utcTime(date, time, read('timezone'));
  if (start !== undefined) {
    Object.assign(changes, {
      session_date: undefined,
      session_time: undefined,
      start_time: read('start_time') ?? start,
    });
    const instructor = nljUserOf(statement);
    if (instructor !== undefined && read('instructor_id') === undefined) changes.instructor_id = instructor;
  }
  if (read('max_participants') !== undefined) {
    Object.assign(changes, { max_participants: undefined, capacity: read('capacity') ?? read('max_participants') });
  }
  const parent = objectMember(member(statement, 'context'), 'parent');
  const program = entityId(textMember(parent, 'id'), 'training-programs');
  if (program !== undefined) changes.program_id = read('program_id') ?? program;
  if (Object.keys(changes).length === 0) return statement;
  const after = withContextExtensions(statement, changes);
  const context = objectMember(after, 'context');
  if (after === statement || program === undefined || context === undefined) return after;
  return withMember(after, 'context', without(context, ['parent']));
}

/** The NLJ user that acts; the platform (`system`) is none. */
function nljUserOf(statement: JsonObject): string | undefined {
  const account = objectMember(member(statement, 'actor'), 'account');
  const name = textMember(account, 'name');
  return textMember(account, 'homePage') === nljHomePage && name !== 'system' ? name : undefined;
}

function bookingRequested(statement: JsonObject): JsonObject {
  const isRequest =
    verbOf(statement) === `${adl}registered` &&
    entityId(textMember(activityOf(statement), 'id'), 'training-sessions') !== undefined &&
    contextExtension(statement, 'confirmation_method') === undefined &&
    contextExtension(statement, 'confirmed_by') === undefined;
  if (!isRequest) return statement;
  const asked = withVerb(statement, `${adl}asked`);
  const typed = activityType(activityOf(asked) ?? {}) === `${act}lesson` ? withActivityType(asked, meeting) : asked;
  return isEmpty(contextExtension(typed, 'special_requirements'))
    ? withContextExtensions(typed, { special_requirements: undefined })
    : typed;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function attendanceCompleted(statement: JsonObject): JsonObject {
  if (verbOf(statement) !== `${adl}completed`) return statement;
  const result = objectMember(statement, 'result');
  const extensions = objectMember(result, 'extensions');
  const inResult = member(extensions, `${ext}attendance_percentage`);
  const percentage = contextExtension(statement, 'attendance_percentage') ?? inResult;
  // Without a result it would look like a check-in, were it upcast again.
  const attended = withMember(
    withVerb(statement, `${adl}attended`),
    'result',
    member(statement, 'result') === undefined
      ? { completion: true }
      : inResult === undefined || result === undefined || extensions === undefined
        ? member(statement, 'result')
        : withMember(result, 'extensions', without(extensions, [`${ext}attendance_percentage`])),
  );
  if (percentage === undefined) return attended;
  return withContextExtensions(attended, {
    attendance_percentage: undefined,
    completion_percentage: contextExtension(attended, 'completion_percentage') ?? percentage,
  });
}
