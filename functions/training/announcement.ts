import { v5 as uuidV5 } from 'uuid';
import type { Announcement } from '../core/ledger/projection.ts';
import { type Actor, type Agent, validateStatement, type WireStatement } from '../core/xapi/index.ts';
import { act, adl, ext, nlj, nljHomePage } from '../core/xapi/prefixes.ts';
import { publishedTopics } from '../core/xapi/topics.ts';
import { trainingNamespace } from './conflict.ts';
import type { BookingDecision, ConflictDecision } from './decision.ts';
import type { Cause } from './event.ts';

/** The platform as an actor: never a learner. */
export const platformActor: Agent = { objectType: 'Agent', account: { homePage: nljHomePage, name: 'system' } };

/** An NLJ user as an actor: the account, no name. */
export function userActor(userId: string): Agent {
  return { objectType: 'Agent', account: { homePage: nljHomePage, name: userId } };
}

/** An actor by the identifier alone: no name, no members. */
export function identifierOf({ objectType, account, mbox, mbox_sha1sum, openid }: Actor): Actor {
  const identifier = {
    ...(account === undefined ? {} : { account }),
    ...(mbox === undefined ? {} : { mbox }),
    ...(mbox_sha1sum === undefined ? {} : { mbox_sha1sum }),
    ...(openid === undefined ? {} : { openid }),
  };
  return objectType === 'Group' ? { objectType, ...identifier } : { objectType: 'Agent', ...identifier };
}

const verbs = {
  confirmed: { id: `${adl}registered`, display: { 'en-US': 'registered' } },
  waitlisted: { id: `${nlj}waitlisted`, display: { 'en-US': 'waitlisted' } },
  rejected: { id: `${nlj}rejected`, display: { 'en-US': 'rejected' } },
  cancelled: { id: `${nlj}cancelled`, display: { 'en-US': 'cancelled' } },
} as const;

/** The statement of a booking decision, as the learner's. */
export function bookingAnnouncement(
  decision: BookingDecision,
  learner: { readonly key: string | null; readonly actor: Actor },
): Announcement {
  const { bookingId, sessionId, kind, cause } = decision;
  const statement = platformStatement({
    id: announcementId(bookingId, kind, cause),
    actor: learner.actor,
    verb: verbs[kind],
    sessionId,
    cause,
    extensions: { booking_id: bookingId, ...extensionsOf(decision) },
  });
  return { topic: publishedTopics.outcomes, key: sessionId, agentKey: learner.key, causedBy: cause.id, statement };
}

function extensionsOf(decision: BookingDecision): Readonly<Record<string, unknown>> {
  switch (decision.kind) {
    case 'confirmed':
      return {
        confirmation_method: decision.method,
        ...(decision.method === 'approval' ? {} : { confirmed_by: 'system' }),
      };
    case 'waitlisted':
      return { waitlist_position: decision.position };
    case 'rejected':
      return { rejection_reason: decision.reason };
    case 'cancelled':
      return { cancelled_by: 'system', cancellation_reason: decision.reason };
  }
}

/** The statement of two sessions that clash, as the platform's. */
export function conflictAnnouncement({
  conflictId,
  type,
  sessionId,
  otherSessionId,
  cause,
}: ConflictDecision): Announcement {
  const statement = platformStatement({
    id: announcementId(conflictId, 'detected', cause),
    actor: platformActor,
    verb: { id: `${nlj}detected`, display: { 'en-US': 'detected' } },
    sessionId,
    cause,
    extensions: {
      conflict_id: conflictId,
      conflict_type: type,
      conflicting_sessions: [otherSessionId],
      severity: 'medium',
      requires_resolution: true,
    },
  });
  return { topic: publishedTopics.conflicts, key: sessionId, agentKey: null, causedBy: cause.id, statement };
}

/** The same decision for the same cause has the same id, however often it is made. */
export function announcementId(subject: string, decision: string, cause: Cause): string {
  return uuidV5(`${subject} ${decision} ${cause.id}`, trainingNamespace);
}

interface Parts {
  readonly id: string;
  readonly actor: Actor;
  readonly verb: { readonly id: string; readonly display: Readonly<Record<string, string>> };
  readonly sessionId: string;
  readonly cause: Cause;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** A statement about a session; `context.statement` is the one that caused it. @throws Error if it is not valid xAPI. */
function platformStatement({ id, actor, verb, sessionId, cause, extensions }: Parts): WireStatement {
  const outcome = validateStatement({
    id,
    version: '1.0.3',
    timestamp: cause.timestamp,
    actor,
    verb,
    object: {
      objectType: 'Activity',
      id: `http://nlj.platform/training-sessions/${sessionId}`,
      definition: { type: `${act}meeting` },
    },
    context: {
      platform: 'NLJ Platform',
      statement: { objectType: 'StatementRef', id: cause.id },
      extensions: Object.fromEntries(Object.entries(extensions).map(([name, value]) => [ext + name, value])),
    },
  });
  if (!outcome.ok) {
    const broken = outcome.errors.map(({ path, rule }) => `${path} ${rule}`).join(', ');
    throw new TypeError(`An announcement is not valid xAPI (${broken}): a defect of training`);
  }
  return outcome.statement;
}
