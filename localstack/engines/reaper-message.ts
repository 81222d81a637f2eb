import { z } from 'zod';

/** What a reaper is told: to take or to leave responsibility for a process group or a folder. */
export const reaperMessageSchema = z.object({
  action: z.enum(['add', 'remove']),
  group: z.number().int().min(2).optional(),
  directory: z.string().min(2).optional(),
});

export type ReaperMessage = z.infer<typeof reaperMessageSchema>;
