import { z } from 'zod';
import { isUuid } from '../../core/xapi/formats.ts';

/** What can be shown, by the word that an operator types. */
export const entityKinds = ['session', 'booking', 'program', 'generation'] as const;
export type EntityKind = (typeof entityKinds)[number];

export const requestSchema = z.strictObject({
  kind: z.enum(entityKinds),
  id: z.string().refine(isUuid, 'must be a uuid').toLowerCase(),
});
export type ShowRequest = z.infer<typeof requestSchema>;
