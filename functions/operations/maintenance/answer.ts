import { z } from 'zod';

const count = z.int();

/** What a reconciliation found, and mended unless it says otherwise. */
const driftSchema = z.object({
  /** Documents that had not been confirmed within the longest function timeout. */
  pending: count,
  /** Confirmed rows without a document. */
  missing: count,
  /** Documents of an older version than their row's. */
  outdated: count,
  /** Documents without a row. */
  orphaned: count,
  /** Statements that moved to the account that their identifier was attached to. */
  joined: count,
});
export type Drift = z.infer<typeof driftSchema>;

/** Rows, objects and documents of a person, by where they were. */
const erasedSchema = z.object({
  statements: count,
  /** Statements of others that named the person; they stay, without the name. */
  mentions: count,
  documents: count,
  agents: count,
  identities: count,
  deadLetters: count,
  outbox: count,
  /** Finished export files, whoever is in them: they can be made again. */
  exports: count,
});
export type ErasedCounts = z.infer<typeof erasedSchema>;

/** A partition as its consumer group sees it. */
const partitionLagSchema = z.object({
  group: z.string(),
  topic: z.string(),
  partition: count,
  /** Offset of the next record to be read; null where the group has committed none. */
  committed: count.nullable(),
  /** Offset of the oldest record that Kafka still holds. */
  earliest: count,
  /** Offset that the next record will have. */
  end: count,
  /** Records that wait. */
  lag: count,
});
export type PartitionLag = z.infer<typeof partitionLagSchema>;

/** A generation of the index that is read or written. */
const generationSchema = z.object({
  generation: count,
  state: z.string(),
  /** Hash of the mapping that it was begun with. */
  mappingHash: z.string().nullable(),
  /** Hash that its template says its mapping has; null where there is no template. */
  templateHash: z.string().nullable(),
});
export type InspectedGeneration = z.infer<typeof generationSchema>;

export const answerSchema = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('reconcile'),
    drift: driftSchema,
    /** Rows that still wait for their document: the index was down, or time was up. */
    left: count,
    /** False where time was up before all was compared: run it again. */
    complete: z.boolean(),
    /** Erasures whose second sweep was done. */
    sweeps: count,
    /** Generations that were deleted. */
    retired: count,
  }),
  z.object({
    action: z.literal('rebuild'),
    /** idle: nothing is being built. copying: call again. switched: readers see the new generation. */
    state: z.enum(['idle', 'copying', 'switched']),
    /** The generation that is or was built, or the live one. */
    generation: count,
    /** Rows that this call copied. */
    copied: count,
    /** Of those, documents that the new generation refuses. */
    refused: count,
    /** Share of the ledger's rows that are copied, 0 to 1. */
    progress: z.number(),
  }),
  z.object({
    action: z.literal('erase'),
    dryRun: z.boolean(),
    counts: erasedSchema,
    /** False where time was up: call again. */
    complete: z.boolean(),
    /** Longest time that Kafka keeps its copies, in days. */
    kafkaDays: count,
  }),
  z.object({
    action: z.literal('retention'),
    dryRun: z.boolean(),
    before: z.string(),
    statements: count,
    /** Monthly indexes that went as a whole. */
    indexes: count,
    agents: count,
    deadLetters: count,
    complete: z.boolean(),
  }),
  z.object({
    action: z.literal('set-back'),
    dryRun: z.boolean(),
    to: z.string(),
    /** Records that each group will read again, by topic. */
    topics: z.record(z.string(), count),
  }),
  z.object({ action: z.literal('lag'), partitions: z.array(partitionLagSchema) }),
  z.object({
    action: z.literal('inspect'),
    /** What has been applied to the database, in order. */
    migrations: z.array(z.object({ number: count, name: z.string(), checksum: z.string() })),
    generations: z.array(generationSchema),
    /** Dead letters that wait, by class. */
    deadLetters: z.record(z.string(), count),
    /** Announcements that were not published yet. */
    outbox: z.object({ waiting: count, oldestSeconds: z.number().nullable() }),
  }),
  z.object({
    action: z.literal('measure'),
    /** Null where the database does not answer. */
    database: z
      .object({
        outboxWaiting: count,
        /** Seconds. */
        outboxAge: z.number(),
        deadLettersWaiting: count,
        documentsDue: count,
      })
      .nullable(),
    /** Seconds by topic group: age of the oldest record that is not done, at the least. Null where Kafka does not answer. */
    unreadAge: z.record(z.string(), z.number()).nullable(),
    /** What did not answer, and the class of its error. */
    unanswered: z.array(z.strictObject({ store: z.enum(['database', 'kafka']), reason: z.string() })),
  }),
]);
export type MaintenanceAnswer = z.infer<typeof answerSchema>;
export type AnswerTo<Action extends MaintenanceAnswer['action']> = Extract<
  MaintenanceAnswer,
  { readonly action: Action }
>;
