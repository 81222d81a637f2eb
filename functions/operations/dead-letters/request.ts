import { z } from 'zod';
import { rejectionClasses } from '../../core/batch/entry.ts';

/** Classes of `dead_letter` rows: those of rejected records, and records that a mapping gave up. */
export const deadLetterClasses = [...rejectionClasses, 'exhausted'] as const;
export type DeadLetterClass = (typeof deadLetterClasses)[number];

export const deadLetterStates = ['waiting', 'replayed', 'discarded'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/** One record by its place; topics that were made anew may hold a place twice, then its time tells. */
const place = z.strictObject({
  topic: z.string().min(1),
  partition: z.int().min(0),
  offset: z.int().min(0),
  /** Milliseconds since the epoch. */
  timestamp: z.int().optional(),
});

const instant = z.iso.datetime({ offset: true });

/** Which dead letters are meant; every member narrows, none means all. */
export const filterSchema = z.strictObject({
  class: z.enum(deadLetterClasses).optional(),
  /** A rule that is among the record's errors. */
  rule: z.string().min(1).optional(),
  topic: z.string().min(1).optional(),
  group: z.string().min(1).optional(),
  /** First seen at or after. */
  since: instant.optional(),
  /** First seen before. */
  until: instant.optional(),
  record: place.optional(),
});
export type Filter = z.infer<typeof filterSchema>;

/** Rows that are read at once, at most. */
export const largestPage = 1_000;
/** Where the page before ended, as its answer said. */
const after = z.string().max(2_000).optional();

const list = z.strictObject({
  action: z.literal('list'),
  filter: filterSchema.default({}),
  state: z.enum(deadLetterStates).optional(),
  limit: z.int().min(1).max(largestPage).default(100),
  after,
});

const show = z.strictObject({
  action: z.literal('show'),
  record: place,
  /** Key, value and headers too. Without it nothing that a producer wrote leaves the bucket. */
  bytes: z.boolean().default(false),
});

const replay = z.strictObject({
  action: z.literal('replay'),
  filter: filterSchema.default({}),
  dryRun: z.boolean().default(false),
  /** Records at most; without it all, as far as there is time. */
  limit: z.int().min(1).optional(),
  after,
  /** Begin only while the stores answer; otherwise nothing is done. */
  whenHealthy: z.boolean().default(false),
});

const discard = z.strictObject({
  action: z.literal('discard'),
  filter: filterSchema.refine((filter) => Object.values(filter).some((value) => value !== undefined), {
    error: 'must name what to discard: class, rule, topic, group, since, until or record',
  }),
  /** Kept with each row. */
  reason: z.string().trim().min(1).max(500),
  dryRun: z.boolean().default(false),
});

const admit = z.strictObject({
  action: z.literal('admit'),
  /** Key of a batch that a mapping gave up. */
  objectKey: z.string().min(1),
});

/** Admits every batch in the bucket that was not yet: whatever became of the bucket's event, none is forgotten. */
const sweep = z.strictObject({ action: z.literal('sweep') });

/** What the dead letters' function does, asked by the CLI, the schedule and the bucket's notification alike. */
export const requestSchema = z.discriminatedUnion('action', [list, show, replay, discard, admit, sweep]);
export type DeadLetterRequest = z.infer<typeof requestSchema>;
/** A request as a caller writes it, defaults left out. */
export type DeadLetterRequestInput = z.input<typeof requestSchema>;

export type ListRequest = z.infer<typeof list>;
export type ShowRequest = z.infer<typeof show>;
export type ReplayRequest = z.infer<typeof replay>;
export type DiscardRequest = z.infer<typeof discard>;
export type AdmitRequest = z.infer<typeof admit>;
export type Place = z.infer<typeof place>;

/** What the schedule asks for, besides a sweep. */
export const scheduledReplay = {
  action: 'replay',
  filter: { class: 'exhausted' },
  limit: largestPage,
  whenHealthy: true,
} as const satisfies DeadLetterRequestInput;
