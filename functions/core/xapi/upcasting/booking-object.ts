import { type JsonObject, member, objectMember, textMember, without } from '../json.ts';
import { act, adl, nlj, nljHomePage } from '../prefixes.ts';
import { topics } from '../topics.ts';
import {
  activityOf,
  contextExtension,
  entityId,
  type UpcastRule,
  verbOf,
  withContextExtensions,
  withMember,
  withVerb,
} from './rule.ts';

/** Bookings that are the object of their own events: confirmed, waitlisted and cancelled of the later producers. */
export const bookingObjectRule: UpcastRule = {
  name: 'booking-object',
  topics: [topics.bookings],
  description:
    'A booking as object becomes ext:booking_id, the object the session in context.parent; the learner becomes the actor, the former actor ext:confirmed_by or ext:cancelled_by; adl:approved becomes adl:registered',
  apply: (statement) => {
    const booking = entityId(textMember(activityOf(statement), 'id'), 'training-bookings');
    if (booking === undefined) return statement;
    const after = withLearner(withConfirmation(statement));
    const named =
      contextExtension(after, 'booking_id') === booking ? after : withContextExtensions(after, { booking_id: booking });
    return withSession(named);
  },
};

function withConfirmation(statement: JsonObject): JsonObject {
  const verb = verbOf(statement);
  if (verb !== `${adl}approved` && verb !== `${adl}registered`) return statement;
  const registered = verb === `${adl}approved` ? withVerb(statement, `${adl}registered`) : statement;
  return contextExtension(registered, 'confirmation_method') === undefined
    ? withContextExtensions(registered, { confirmation_method: 'approval' })
    : registered;
}

function withLearner(statement: JsonObject): JsonObject {
  const learner = contextExtension(statement, 'learner_id');
  if (typeof learner !== 'string') {
    return contextExtension(statement, 'learner_name') === undefined
      ? statement
      : withContextExtensions(statement, { learner_name: undefined });
  }
  const former = textMember(objectMember(member(statement, 'actor'), 'account'), 'name');
  const actedBy = { [`${adl}registered`]: 'confirmed_by', [`${nlj}cancelled`]: 'cancelled_by' }[
    verbOf(statement) ?? ''
  ];
  const by =
    actedBy === undefined || former === undefined || contextExtension(statement, actedBy) !== undefined
      ? {}
      : { [actedBy]: former };
  const after = withContextExtensions(statement, { ...by, learner_id: undefined, learner_name: undefined });
  if (after === statement) return statement;
  return withMember(after, 'actor', { objectType: 'Agent', account: { homePage: nljHomePage, name: learner } });
}

/** Without a session in context.parent the booking stays the object. */
function withSession(statement: JsonObject): JsonObject {
  const context = objectMember(statement, 'context');
  const parent = objectMember(context, 'parent');
  const id = textMember(parent, 'id');
  if (context === undefined || entityId(id, 'training-sessions') === undefined) return statement;
  const name = member(member(parent, 'definition'), 'name');
  const definition = { ...(name === undefined ? {} : { name }), type: `${act}meeting` };
  return {
    ...statement,
    object: { objectType: 'Activity', id, definition },
    context: without(context, ['parent']),
  };
}
