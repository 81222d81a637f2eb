import { z } from 'zod';
import { entityKinds } from './request.ts';

/**
 * What an answer holds: ids, states, times, numbers, and names of things. No text that people write about people, no
 * e-mail, no name of a person: a person is an agent key.
 */

const id = z.string();
const instant = z.string().nullable();
const count = z.number().int();
const text = z.string().nullable();
const personKey = z.string().nullable();

const session = z.strictObject({
  id,
  status: z.string(),
  programId: id.nullable(),
  title: text,
  location: text,
  startTime: instant,
  endTime: instant,
  endEstimated: z.boolean(),
  timezone: text,
  /** `capacity` and `maxAttendees` as sent; the latter is the limit where it is set. */
  capacity: count.nullable(),
  maxAttendees: count.nullable(),
  cancelledAt: instant,
  /** Live and waiting ones, and how many of each other status. */
  bookings: z.strictObject({
    counts: z.record(z.string(), count),
    open: z.array(
      z.strictObject({
        id,
        status: z.string(),
        waitlistPosition: count.nullable(),
        learnerKey: personKey,
        requestedAt: instant,
      }),
    ),
  }),
  attendance: z.strictObject({ records: count, checkedIn: count, completed: count, certificates: count }),
  openConflicts: z.array(z.strictObject({ id, type: z.string(), withSession: id, detectedAt: instant })),
  /** Announcements of the session that the relay has not published yet. */
  announcementsWaiting: count,
});

const booking = z.strictObject({
  id,
  status: z.string(),
  sessionId: id.nullable(),
  learnerKey: personKey,
  waitlistPosition: count.nullable(),
  registrationMethod: text,
  requestedAt: instant,
  approved: z.boolean(),
  rejectionReason: text,
  cancelledAt: instant,
});

const program = z.strictObject({
  id,
  title: text,
  isPublished: z.boolean(),
  publishedAt: instant,
  createdAt: instant,
  durationMinutes: z.number().nullable(),
  requiresApproval: z.boolean().nullable(),
  /** The latest hundred by start. */
  sessions: z.array(z.strictObject({ id, status: z.string(), startTime: instant })),
});

const generation = z.strictObject({
  id,
  status: z.string(),
  attempt: count,
  progressPercentage: z.number().nullable(),
  currentStep: text,
  errorType: text,
  contentId: id.nullable(),
  generatedContentSize: count.nullable(),
  tokensUsed: count.nullable(),
  durationSeconds: z.number().nullable(),
  requestedBy: personKey,
  createdAt: instant,
  requestedAt: instant,
  startedAt: instant,
  completedAt: instant,
  contradictions: count,
  /** The latest hundred, in the order of their times. */
  events: z.array(z.strictObject({ statementId: id, kind: z.string(), occurred: z.string() })),
  activities: z.record(z.string(), count),
});

const found = z.literal('found');

export const answerSchema = z.discriminatedUnion('outcome', [
  z.discriminatedUnion('kind', [
    z.strictObject({ outcome: found, kind: z.literal('session'), state: session }),
    z.strictObject({ outcome: found, kind: z.literal('booking'), state: booking }),
    z.strictObject({ outcome: found, kind: z.literal('program'), state: program }),
    z.strictObject({ outcome: found, kind: z.literal('generation'), state: generation }),
  ]),
  z.strictObject({
    outcome: z.literal('not-found'),
    kind: z.enum(entityKinds),
    id,
    /** Kinds of which there is one under this id. */
    otherKinds: z.array(z.enum(entityKinds)),
  }),
]);
export type ShowAnswer = z.infer<typeof answerSchema>;
