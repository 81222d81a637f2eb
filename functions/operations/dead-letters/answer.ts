import { z } from 'zod';
import { deadLetterStates } from './request.ts';

const error = z.object({
  path: z.string(),
  rule: z.string(),
  requirement: z.string(),
  expected: z.string(),
  found: z.string(),
});

/** A `dead_letter` row: nothing in it was written by a producer. */
export const rowSchema = z.object({
  cluster: z.string(),
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  /** Milliseconds since the epoch. */
  timestamp: z.number(),
  group: z.string(),
  class: z.string(),
  errors: z.array(error),
  bucket: z.string(),
  objectKey: z.string(),
  state: z.enum(deadLetterStates),
  attempts: z.number(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  discardReason: z.string().nullable(),
});
export type DeadLetterRow = z.infer<typeof rowSchema>;

/**
 * What became of a selected record, or would become of it:
 *
 * - `accepted`, `duplicate`: the row is `replayed`
 * - `rejected`: refused again, with the class and first rule
 * - `transient`: the function reported it to come again; the row waits
 * - `waiting`: nothing is known to have happened, as when the invocation failed; the row waits
 * - `unreadable`: its object is gone or does not hold the record; the row waits
 */
export const outcomeKinds = ['accepted', 'duplicate', 'rejected', 'transient', 'waiting', 'unreadable'] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

const count = z.number().int();
const countsSchema = z.object({
  selected: count,
  accepted: count,
  duplicate: count,
  rejected: count,
  transient: count,
  waiting: count,
  unreadable: count,
  /** Of the rejected ones, by `class rule`. */
  rules: z.record(z.string(), count),
});
export type ReplayCounts = z.infer<typeof countsSchema>;

const next = z.string().nullable();

export const answerSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('list'), rows: z.array(rowSchema), next }),
  z.object({
    action: z.literal('show'),
    letters: z.array(
      z.object({
        row: rowSchema,
        /** Null where the object is gone or does not hold the record. */
        envelope: z
          .object({
            timestampType: z.string(),
            keyBytes: z.number().nullable(),
            valueBytes: z.number().nullable(),
            headerCount: z.number(),
            /** Base64; only on request. */
            bytes: z
              .object({
                key: z.string().nullable(),
                value: z.string().nullable(),
                headers: z.array(z.object({ name: z.string(), value: z.string() })),
              })
              .optional(),
          })
          .nullable(),
      }),
    ),
  }),
  z.object({
    action: z.literal('replay'),
    dryRun: z.boolean(),
    /** False where the stores were not healthy and nothing was begun. */
    begun: z.boolean(),
    counts: countsSchema,
    next,
  }),
  z.object({ action: z.literal('discard'), dryRun: z.boolean(), classes: z.record(z.string(), count) }),
  z.object({ action: z.literal('admit'), records: count, admitted: count }),
  z.object({
    action: z.literal('sweep'),
    /** Batches that had not been admitted. */
    batches: count,
    /** Records of them that got a row. */
    admitted: count,
    /** Objects under the prefix that are no batches. */
    unreadable: count,
  }),
]);
export type DeadLetterAnswer = z.infer<typeof answerSchema>;
export type AnswerTo<Action extends DeadLetterAnswer['action']> = Extract<
  DeadLetterAnswer,
  { readonly action: Action }
>;
