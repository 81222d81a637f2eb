import { z } from 'zod';
import { groupOfTopic } from '../../../lib/catalogue.ts';

/** Whom an erasure is about; at least one of both. */
export const whoSchema = z
  .strictObject({
    /** NLJ user id: the account's name. */
    user: z.string().min(1).optional(),
    /** E-mail address, without `mailto:`. */
    email: z.string().min(3).includes('@').optional(),
  })
  .refine(({ user, email }) => user !== undefined || email !== undefined, {
    error: 'Name a user id, an e-mail or both',
  });
export type Who = z.infer<typeof whoSchema>;

const reconcile = z.strictObject({
  action: z.literal('reconcile'),
  /** How far back rows and documents are compared. `recent`: two days. */
  scope: z.enum(['recent', 'all']).default('recent'),
});
const rebuild = z.strictObject({
  action: z.literal('rebuild'),
  /** Begin a new generation if none is being built; without it only what was begun goes on. */
  begin: z.boolean().default(false),
});
const erase = z.strictObject({ action: z.literal('erase'), who: whoSchema, dryRun: z.boolean().default(false) });
const retention = z.strictObject({
  action: z.literal('retention'),
  /** What was stored before this month goes. */
  before: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'A month such as 2025-01' }),
  dryRun: z.boolean().default(false),
});
const setBack = z.strictObject({
  action: z.literal('set-back'),
  /** Consumer groups go back to the first record at or after this instant. */
  to: z.iso.datetime({ offset: true }),
  /** The topics whose groups are meant; by default all. */
  topics: z
    .array(z.string().refine((name) => groupOfTopic(name) !== undefined, { error: 'No topic that is consumed here' }))
    .min(1)
    .optional(),
  dryRun: z.boolean().default(false),
});
const lag = z.strictObject({ action: z.literal('lag') });
const inspect = z.strictObject({ action: z.literal('inspect') });

/** Says what waits: outbox, dead letters, documents, records in Kafka. */
const measure = z.strictObject({ action: z.literal('measure') });

/** What the maintenance function is asked, by operators and by its schedule. */
export const requestSchema = z.discriminatedUnion('action', [
  reconcile,
  rebuild,
  erase,
  retention,
  setBack,
  measure,
  lag,
  inspect,
]);
export type MaintenanceRequest = z.infer<typeof requestSchema>;
export type MaintenanceRequestInput = z.input<typeof requestSchema>;
export type RequestFor<Action extends MaintenanceRequest['action']> = Extract<
  MaintenanceRequest,
  { readonly action: Action }
>;
